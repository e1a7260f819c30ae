/** A Helm chart under `helm/`: one workload, with values for each environment and edition. */
import semver from "semver";
import { generatedBy } from "../generated-mark.ts";
import type { Generator } from "../generator.ts";
import { workloadOf } from "../manifests/workload.ts";
import { inModule, type PipelineModel, type RenderedFile } from "../pipeline-model.ts";
import { yamlFile } from "../yaml-file.ts";
import { editionValues, environmentValues } from "./environment-values.ts";
import { templates } from "./templates/templates.ts";
import { chartValues } from "./values.ts";
import { valuesSchema } from "./values-schema.ts";

export const chartFiles: Generator = (subject) => {
  const { model, module } = subject;
  const workload = workloadOf(subject);
  const { editionId } = module;
  const byEnvironment = model.environments.flatMap((environment) => [
    environmentValues(model, workload, environment),
    ...(editionId === undefined ? [] : [editionValues(model, environment, editionId)]),
  ]);
  return {
    name: "chart",
    files: [
      yamlFile(model, inModule(model, "helm/Chart.yaml"), description(model)),
      yamlFile(model, inModule(model, "helm/values.yaml"), chartValues(model, workload)),
      file(model, "values.schema.json", valuesSchema(model.moduleId, generatedBy(model), workload)),
      ...byEnvironment,
      file(model, ".helmignore", `# ${generatedBy(model)}\n.git\n.DS_Store\n*.swp\n*.tmp\nvalues-*.yaml\n`),
      ...templates(model.moduleId).map(({ name, text }) =>
        file(model, `templates/${name}`, `{{- /* ${generatedBy(model)} */ -}}\n${text}`),
      ),
    ],
  };
};

function description({ moduleId, tenantId, version }: PipelineModel): object {
  return {
    apiVersion: "v2",
    name: moduleId,
    description: `${moduleId} of ${tenantId}`,
    type: "application",
    version: chartVersion(version),
    appVersion: version,
    kubeVersion: ">=1.30.0-0",
  };
}

/** Helm takes semantic versions only; what the module calls itself stands in appVersion. */
function chartVersion(version: string): string {
  return semver.valid(version) ?? semver.coerce(version)?.version ?? "0.0.0";
}

function file(model: PipelineModel, name: string, content: string): RenderedFile {
  return { path: inModule(model, `helm/${name}`), content };
}
