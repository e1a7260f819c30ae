/**
 * The workflow that deploys to one environment, called once for each. It signs in to the cloud with the run's own OIDC
 * token, so that no credential is stored; which cloud is a variable, as a repository does not say where its cluster is.
 */

import { pinnedTools } from "../../../domain/pipeline/pins/tools.ts";
import type { PipelineModel } from "../../../domain/pipeline/pipeline-model.ts";
import { keptItems } from "../../../domain/pipeline/yaml-file.ts";
import { deployFromCi, helmUpgrade } from "../platform-tools.ts";
import { checkout, expression, runner, uses } from "./workflow-steps.ts";

export function deployHead({ environments, moduleId }: PipelineModel): string[] {
  const approved = environments.filter(({ requiresApproval }) => requiresApproval).map(({ name }) => name);
  return [
    `Deploys ${moduleId} to one environment. The control plane does so by default, and this only where the variable`,
    `${deployFromCi} is "true".`,
    "",
    "GitHub has to be told once, under Settings:",
    `  Environments   ${environments.map(({ name }) => name).join(", ")}${
      approved.length === 0 ? "" : `; with required reviewers: ${approved.join(", ")}`
    }`,
    "  Variables      of each environment, none of them secret:",
    "    CLOUD          azure, aws or google: where the cluster is",
    "    CLUSTER_NAME   of the Kubernetes cluster",
    "    azure:   AZURE_CLIENT_ID, AZURE_TENANT_ID, AZURE_SUBSCRIPTION_ID, CLUSTER_RESOURCE_GROUP",
    "    aws:     AWS_ROLE_ARN, AWS_REGION",
    "    google:  GOOGLE_WORKLOAD_IDENTITY_PROVIDER, GOOGLE_SERVICE_ACCOUNT, CLUSTER_LOCATION",
    "The cloud has to trust this repository's OIDC tokens for each of the environments.",
  ];
}

export function deployWorkflow(model: PipelineModel): object {
  const environment = expression("inputs.environment");
  return {
    name: `${model.moduleId}: deploy`,
    on: {
      workflow_call: {
        inputs: {
          environment: { type: "string", required: true },
          image: { description: "By its digest: name@sha256:...", type: "string", required: true },
        },
      },
    },
    permissions: { contents: "read" },
    jobs: {
      deploy: {
        name: environment,
        "runs-on": runner,
        "timeout-minutes": 20,
        environment,
        permissions: { contents: "read", "id-token": "write" },
        concurrency: { group: `${model.moduleId}-deploy-${environment}`, "cancel-in-progress": false },
        steps: [
          checkout(),
          ...signInSteps(),
          {
            name: "Set up Helm",
            uses: uses("azure/setup-helm"),
            with: { version: `v${pinnedTools.helm.tag}` },
          },
          keptItems("before-deploy"),
          {
            name: "Deploy",
            env: { ENVIRONMENT: environment, IMAGE: expression("inputs.image") },
            run: helmUpgrade(model, "$ENVIRONMENT"),
          },
          keptItems("after-deploy"),
        ],
      },
    },
  };
}

function signInSteps(): object[] {
  const variable = (name: string) => expression(`vars.${name}`);
  const on = (cloud: string) => `vars.CLOUD == '${cloud}'`;
  return [
    {
      name: "Sign in to Azure",
      if: on("azure"),
      uses: uses("azure/login"),
      with: {
        "client-id": variable("AZURE_CLIENT_ID"),
        "tenant-id": variable("AZURE_TENANT_ID"),
        "subscription-id": variable("AZURE_SUBSCRIPTION_ID"),
      },
    },
    {
      name: "Choose the cluster on Azure",
      if: on("azure"),
      env: { NAME: variable("CLUSTER_NAME"), GROUP: variable("CLUSTER_RESOURCE_GROUP") },
      run: [
        "sudo az aks install-cli --kubelogin-version v0.2.10 --only-show-errors",
        'az aks get-credentials --name "$NAME" --resource-group "$GROUP"',
        "kubelogin convert-kubeconfig --login azurecli",
      ].join("\n"),
    },
    {
      name: "Sign in to AWS",
      if: on("aws"),
      uses: uses("aws-actions/configure-aws-credentials"),
      with: { "role-to-assume": variable("AWS_ROLE_ARN"), "aws-region": variable("AWS_REGION") },
    },
    {
      name: "Choose the cluster on AWS",
      if: on("aws"),
      env: { NAME: variable("CLUSTER_NAME") },
      run: 'aws eks update-kubeconfig --name "$NAME"',
    },
    {
      name: "Sign in to Google Cloud",
      if: on("google"),
      uses: uses("google-github-actions/auth"),
      with: {
        workload_identity_provider: variable("GOOGLE_WORKLOAD_IDENTITY_PROVIDER"),
        service_account: variable("GOOGLE_SERVICE_ACCOUNT"),
      },
    },
    {
      name: "Choose the cluster on Google Cloud",
      if: on("google"),
      uses: uses("google-github-actions/get-gke-credentials"),
      with: { cluster_name: variable("CLUSTER_NAME"), location: variable("CLUSTER_LOCATION") },
    },
  ];
}
