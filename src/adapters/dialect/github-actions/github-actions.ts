/**
 * GitHub Actions: one job, so that the tests run on the dependencies that were resolved for the build.
 * What it uploads is what the local runner keeps: the built tree with production dependencies.
 */
import type { PipelineModel, PipelineStep } from "../../../domain/pipeline/pipeline-model.ts";
import { shellLine, withoutExpressions } from "../../../domain/pipeline/shell-line.ts";
import { yamlFile } from "../../../domain/pipeline/yaml-file.ts";
import type { PipelineDialect } from "../../../ports/pipeline-dialect.ts";

export const githubActions: PipelineDialect = {
  name: "github-actions",
  render: (model) => [yamlFile(model, ".github/workflows/ci.yml", workflow(model))],
};

function workflow(model: PipelineModel): object {
  return {
    name: model.moduleId,
    on: { push: { branches: [model.targetBranch] }, pull_request: { branches: [model.targetBranch] } },
    permissions: { contents: "read" },
    concurrency: { group: `${model.moduleId}-$\{{ github.ref }}`, "cancel-in-progress": true },
    jobs: {
      ci: {
        "runs-on": "ubuntu-24.04",
        steps: [
          { uses: "actions/checkout@v5", with: { "persist-credentials": false } },
          {
            uses: "actions/setup-node@v6",
            with: {
              "node-version": model.runtime.version,
              cache: "npm",
              "cache-dependency-path": "package*.json",
            },
          },
          ...model.stages.flatMap((stage) => stage.steps.map((step) => runStep(step))),
          ...(model.prune === undefined ? [] : [{ name: "prune", run: shellLine(model.prune) }]),
          {
            uses: "actions/upload-artifact@v4",
            with: { name: model.moduleId, path: ".\n!.git/**", "include-hidden-files": true },
          },
        ],
      },
    },
  };
}

function runStep(step: PipelineStep): object {
  return {
    name: step.name,
    run: withoutExpressions(shellLine(step.run)),
    "timeout-minutes": Math.ceil(step.timeoutSeconds / 60),
  };
}
