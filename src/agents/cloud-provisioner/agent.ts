import type { Agent } from "../../ports/agent.ts";
import { planAfterVault } from "../wait-for-vault.ts";
import { cloudProvisionerManifest } from "./manifest.ts";
import type { CloudProvisionerPorts } from "./ports.ts";
import { createApplyInfrastructure } from "./skills/apply-infrastructure.ts";
import { createPlanInfrastructure } from "./skills/plan-infrastructure.ts";
import { createProvisionAhead } from "./skills/provision-ahead.ts";

export function createCloudProvisioner(ports: CloudProvisionerPorts): Agent {
  return {
    manifest: cloudProvisionerManifest,
    skills: {
      ProvisionAhead: createProvisionAhead(ports),
      PlanInfrastructure: planAfterVault(createPlanInfrastructure(ports)),
      ApplyInfrastructure: createApplyInfrastructure(ports),
    },
  };
}
