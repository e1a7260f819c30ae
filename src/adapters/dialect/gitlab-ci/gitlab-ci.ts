/**
 * GitLab CI: a job a stage. Each hands its working tree on to the next as an artifact, so that tests run
 * on the dependencies that were resolved for the build.
 */
import type { PipelineModel, PipelineStage } from "../../../domain/pipeline/pipeline-model.ts";
import { shellLine } from "../../../domain/pipeline/shell-line.ts";
import { yamlFile } from "../../../domain/pipeline/yaml-file.ts";
import type { PipelineDialect } from "../../../ports/pipeline-dialect.ts";

/** GitLab takes no more than two. */
const mostRetries = 2;

export const gitlabCi: PipelineDialect = {
  name: "gitlab-ci",
  render: (model) => [yamlFile(model, ".gitlab-ci.yml", pipeline(model))],
};

function pipeline(model: PipelineModel): object {
  const names = model.stages.map((stage) => stage.name);
  return {
    image: `node:${model.runtime.version}-slim`,
    stages: [...names, "package"],
    workflow: {
      rules: [
        { if: '$CI_PIPELINE_SOURCE == "merge_request_event"' },
        { if: `$CI_COMMIT_BRANCH == ${JSON.stringify(model.targetBranch)}` },
      ],
    },
    variables: { npm_config_cache: "$CI_PROJECT_DIR/.npm" },
    cache: { key: { files: ["package.json", "package-lock.json"] }, paths: [".npm/"] },
    default: {
      interruptible: true,
      retry: {
        max: Math.min(model.retry.limit, mostRetries),
        when: ["runner_system_failure", "stuck_or_timeout_failure"],
      },
    },
    ...Object.fromEntries(model.stages.map((stage) => [stage.name, job(stage)])),
    package: {
      stage: "package",
      script: [model.prune === undefined ? "true" : shellLine(model.prune)],
      artifacts: { name: model.moduleId, paths: ["./"], exclude: [".git/**/*", ".npm/**/*"] },
    },
  };
}

function job(stage: PipelineStage): object {
  const seconds = stage.steps.reduce((sum, step) => sum + step.timeoutSeconds, 0);
  return {
    stage: stage.name,
    script: stage.steps.map((step) => shellLine(step.run)),
    timeout: `${Math.ceil(seconds / 60)} minutes`,
    artifacts: { untracked: true, exclude: [".npm/**/*"], expire_in: "1 day" },
  };
}
