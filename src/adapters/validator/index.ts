/** Everything that looks at a generated file before it is published. */
import type { FileValidator } from "../../ports/file-validator.ts";
import { actionlintValidator } from "./actionlint/actionlint-validator.ts";
import { azurePipelinesValidator } from "./azure-pipelines/azure-pipelines-validator.ts";
import { dockerfileValidator } from "./dockerfile/dockerfile-validator.ts";
import { githubWorkflowValidator } from "./github-workflow/github-workflow-validator.ts";
import { gitlabCiValidator } from "./gitlab-ci/gitlab-ci-validator.ts";
import { helmValidator } from "./helm/helm-validator.ts";
import { kubernetesValidator } from "./kubernetes/kubernetes-validator.ts";
import { yamlValidator } from "./yaml/yaml-validator.ts";

export const validators: readonly FileValidator[] = [
  yamlValidator,
  githubWorkflowValidator,
  actionlintValidator,
  gitlabCiValidator,
  azurePipelinesValidator,
  dockerfileValidator,
  helmValidator,
  kubernetesValidator,
];
