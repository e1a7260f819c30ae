/** deploy.yaml: deploys an image to one environment, signed in by the service connection's OIDC token. */

import { pinnedTools } from "../../../domain/pipeline/pins/tools.ts";
import type { PipelineModel } from "../../../domain/pipeline/pipeline-model.ts";
import { keptItems } from "../../../domain/pipeline/yaml-file.ts";
import { helmUpgrade } from "../platform-tools.ts";
import { parameter } from "./pipeline-steps.ts";

export function deployTemplate(model: PipelineModel): object {
  return {
    parameters: [
      { name: "environment", type: "string" },
      { name: "serviceConnection", type: "string" },
      { name: "image", type: "string" },
    ],
    steps: [
      {
        task: "HelmInstaller@1",
        displayName: "Set up Helm",
        inputs: { helmVersionToInstall: pinnedTools.helm.tag },
      },
      {
        task: "KubeloginInstaller@0",
        displayName: "Set up kubelogin",
        inputs: { kubeloginVersion: "0.2.10" },
      },
      keptItems("before-deploy"),
      {
        task: "AzureCLI@2",
        displayName: "Deploy",
        inputs: {
          azureSubscription: parameter("serviceConnection"),
          scriptType: "bash",
          scriptLocation: "inlineScript",
          workingDirectory: "$(Build.SourcesDirectory)",
          inlineScript: [
            "set -euo pipefail",
            'az aks get-credentials --name "$(CLUSTER_NAME)" --resource-group "$(CLUSTER_RESOURCE_GROUP)"',
            "kubelogin convert-kubeconfig --login azurecli",
            helmUpgrade(model, "$ENVIRONMENT"),
          ].join("\n"),
        },
        env: { ENVIRONMENT: parameter("environment"), IMAGE: parameter("image") },
      },
      keptItems("after-deploy"),
    ],
  };
}
