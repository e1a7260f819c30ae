import type { EnvironmentPolicy } from "../../domain/tenant/tenant.ts";
import type { Provisioner } from "../../ports/provisioner.ts";
import type { Settings } from "../../ports/settings.ts";

/** What the Cloud Provisioner works with. */
export interface CloudProvisionerPorts {
  provisioner: Provisioner;
  settings: Settings;
  policyOf(tenantId: string, environment: string): Promise<EnvironmentPolicy>;
}
