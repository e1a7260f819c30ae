/** What the six agents declare of themselves, without the agents. */

import type { AgentManifest } from "../domain/agent/manifest.ts";
import { cloudProvisionerManifest } from "./cloud-provisioner/manifest.ts";
import { codeCommitterManifest } from "./code-committer/manifest.ts";
import { deploymentOrchestratorManifest } from "./deployment-orchestrator/manifest.ts";
import { devopsEngineerManifest } from "./devops-engineer/manifest.ts";
import { pullRequestCreatorManifest } from "./pull-request-creator/manifest.ts";
import { releaseManagerManifest } from "./release-manager/manifest.ts";

export const manifests: readonly AgentManifest[] = [
  codeCommitterManifest,
  pullRequestCreatorManifest,
  devopsEngineerManifest,
  cloudProvisionerManifest,
  releaseManagerManifest,
  deploymentOrchestratorManifest,
];
