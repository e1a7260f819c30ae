/** What a GitLab repository says once for all of its jobs. */
import type { PipelineModel } from "../../../domain/pipeline/pipeline-model.ts";
import { commented } from "../../../domain/pipeline/yaml-file.ts";

export const stageNames = ["build", "test", "scan", "package", "deploy"];

export function repositoryKeywords(model: PipelineModel): object {
  return {
    stages: stageNames,
    workflow: {
      auto_cancel: { on_new_commit: "interruptible" },
      rules: [
        { if: '$CI_PIPELINE_SOURCE == "merge_request_event"' },
        { if: `$CI_COMMIT_BRANCH == ${JSON.stringify(model.targetBranch)}` },
      ],
    },
  };
}

/** The pipeline of a monorepo: the same for all of its modules. */
export function repositoryPipeline(model: PipelineModel): object {
  return {
    ...repositoryKeywords(model),
    include: commented("A module's jobs run where its folder has changed.", [{ local: "**/gitlab-ci.yml" }]),
  };
}
