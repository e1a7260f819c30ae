import type { PipelineDialect } from "../../ports/pipeline-dialect.ts";
import { azurePipelines } from "./azure-pipelines/azure-pipelines.ts";
import { githubActions } from "./github-actions/github-actions.ts";
import { gitlabCi } from "./gitlab-ci/gitlab-ci.ts";

export const dialects: PipelineDialect[] = [azurePipelines, githubActions, gitlabCi];
