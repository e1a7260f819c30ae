import type { EnvironmentPolicy } from "../../domain/tenant/tenant.ts";
import type { Provisioner } from "../../ports/provisioner.ts";
import type { Settings } from "../../ports/settings.ts";
import type { Tenants } from "../../ports/tenants.ts";

/** What the Cloud Provisioner works with. */
export interface CloudProvisionerPorts {
  provisioner: Provisioner;
  settings: Settings;
  tenants: Pick<Tenants, "get">;
  policyOf(tenantId: string, environment: string): Promise<EnvironmentPolicy>;
}
