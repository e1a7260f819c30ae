/** The tenant's declaration. */
import { z } from "zod";
import { parseTenant } from "../domain/tenant/parse-tenant.ts";
import { permitTenant } from "./permit.ts";
import { changePolicy, type Proposed } from "./policy-changes/change-policy.ts";
import { type Applied, changeOf, currentOf } from "./policy-changes/declared.ts";
import type { Caller, System } from "./system.ts";

export async function showTenant(system: System, caller: Caller) {
  const { text, digest, version, by, at } = await system.tenants.declaration(caller.tenantId);
  return { tenantId: caller.tenantId, version, digest, by, at, text };
}

export const applyTenantInput = z.object({
  text: z.string().max(262_144),
  /** Name of the file for messages. */
  file: z.string().max(1_024).default("tenant.yaml"),
  reason: z.string().max(2_000).default(""),
});

/**
 * Replaces the declaration after it was checked whole; refuses with PolicyInvalid. A change of policy, people or
 * environments is proposed to a second person where there is one.
 */
export async function applyTenant(
  system: System,
  caller: Caller,
  input: z.output<typeof applyTenantInput>,
): Promise<Applied | Proposed> {
  const { text, file, reason } = input;
  const tenant = parseTenant(text, file);
  await permitTenant(system, caller, tenant.id);
  const current = await currentOf(system, tenant.id);
  const change = changeOf(current, { text, tenant });
  return changePolicy(system, caller, { current, change, reason, file });
}
