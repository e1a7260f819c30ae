/** One way of caching for every language: the folders that the model names, keyed by the files that say what is in them. */
import { cacheVariables } from "../../../domain/pipeline/cache-variables.ts";
import { inModule, type PipelineModel } from "../../../domain/pipeline/pipeline-model.ts";
import { asGlob } from "../plain-text.ts";
import { expression, uses } from "./workflow-steps.ts";

/** Tells each tool where its downloads lie, as the local runner does. */
export function cachePlaces(model: PipelineModel): Record<string, string> {
  const workspace = expression("github.workspace");
  return cacheVariables(model.caches, (folder) => `${workspace}/${inModule(model, asGlob(folder))}`);
}

export function cacheSteps(model: PipelineModel): object[] {
  const files = model.manifestFiles.map((file) => `'${inModule(model, asGlob(file))}'`).join(", ");
  return model.caches.map(({ name, folder }) => {
    const scope = `${name}-${expression("runner.os")}-`;
    return {
      name: `Cache ${name}`,
      uses: uses("actions/cache"),
      with: {
        path: inModule(model, asGlob(folder)),
        key: scope + expression(`hashFiles(${files === "" ? "'**'" : files})`),
        "restore-keys": scope,
      },
    };
  });
}
