import type { EnvironmentPolicy } from "../../domain/tenant/tenant.ts";
import type { Freezes } from "../../ports/freezes.ts";
import type { LostOverrider } from "../../ports/overriders.ts";
import type { Provisioner } from "../../ports/provisioner.ts";
import type { Settings } from "../../ports/settings.ts";
import type { Signer } from "../../ports/signer.ts";
import type { Tenants } from "../../ports/tenants.ts";
import type { PolicySubject } from "../policy-of-delivery.ts";

/** What the Cloud Provisioner works with. */
export interface CloudProvisionerPorts {
  provisioner: Provisioner;
  settings: Settings;
  signer: Pick<Signer, "sign">;
  tenants: Pick<Tenants, "get">;
  freezes: Freezes;
  lostOverrider: LostOverrider;
  /** Of the delivery at hand. */
  policyOf(context: PolicySubject, environment: string): Promise<EnvironmentPolicy>;
}
