/** Everything that looks at a generated file before it is published. */
import { type CheckFiles, type FileValidator, findProblems } from "../../ports/file-validator.ts";
import { actionlintValidator } from "./actionlint/actionlint-validator.ts";
import { azurePipelinesValidator } from "./azure-pipelines/azure-pipelines-validator.ts";
import { bicepValidator } from "./bicep/bicep-validator.ts";
import { dockerfileValidator } from "./dockerfile/dockerfile-validator.ts";
import { githubWorkflowValidator } from "./github-workflow/github-workflow-validator.ts";
import { gitlabCiValidator } from "./gitlab-ci/gitlab-ci-validator.ts";
import { helmValidator } from "./helm/helm-validator.ts";
import { kubernetesValidator } from "./kubernetes/kubernetes-validator.ts";
import { pulumiValidator } from "./pulumi/pulumi-validator.ts";
import { sbomValidator } from "./sbom/sbom-validator.ts";
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
  sbomValidator,
  pulumiValidator,
  bicepValidator,
];

/** In the thread that asks, which it keeps busy. */
export const checkFiles: CheckFiles = (files) => findProblems(validators, files);
