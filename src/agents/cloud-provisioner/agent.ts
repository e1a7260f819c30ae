import type { EnvironmentPolicy } from "../../domain/tenant/tenant.ts";
import type { Agent } from "../../ports/agent.ts";
import type { Provisioner } from "../../ports/provisioner.ts";
import type { Settings } from "../../ports/settings.ts";
import { cloudProvisionerManifest } from "./manifest.ts";
import { createApplyInfrastructure } from "./skills/apply-infrastructure.ts";
import { createPlanInfrastructure } from "./skills/plan-infrastructure.ts";
import { createProvisionAhead } from "./skills/provision-ahead.ts";

export interface CloudProvisionerPorts {
  provisioner: Provisioner;
  settings: Settings;
  policyOf(tenantId: string, environment: string): Promise<EnvironmentPolicy>;
}

export function createCloudProvisioner(ports: CloudProvisionerPorts): Agent {
  return {
    manifest: cloudProvisionerManifest,
    skills: {
      ProvisionAhead: createProvisionAhead(ports),
      PlanInfrastructure: createPlanInfrastructure(ports),
      ApplyInfrastructure: createApplyInfrastructure(ports),
    },
  };
}
