import type { PipelineModel } from "../../../domain/pipeline/pipeline-model.ts";

export interface WorkflowPaths {
  main: string;
  buildAndTest: string;
  deploy: string;
}

/** GitHub reads workflows from one folder at the repository's root, so a monorepo's modules are told apart by name. */
export function workflowPaths({ folder, moduleId }: PipelineModel): WorkflowPaths {
  const prefix = folder === "" ? "" : `${moduleId}-`;
  const at = (name: string) => `.github/workflows/${name}.yml`;
  return {
    main: at(folder === "" ? "ci" : moduleId),
    buildAndTest: at(`${prefix}build-and-test`),
    deploy: at(`${prefix}deploy`),
  };
}
