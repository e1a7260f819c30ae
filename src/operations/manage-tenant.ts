/** The tenant's declaration, and access tokens of its people. */
import { z } from "zod";
import { refuse } from "../domain/refusal.ts";
import { parseTenant } from "../domain/tenant/parse-tenant.ts";
import { permit, permitTenant } from "./permit.ts";
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

export const createTokenInput = z.object({
  person: z.string().min(1).max(64),
  label: z.string().max(200).default("made on the command line"),
});

/** A token for a person of the tenant; one's own needs no role. It is shown once. */
export async function createToken(
  system: System,
  caller: Caller,
  input: z.output<typeof createTokenInput>,
): Promise<{ person: string; token: string }> {
  const { person, label } = input;
  await permit(system, caller, { action: "token", own: person === caller.person });
  const { people } = await system.tenants.get(caller.tenantId);
  if (!people.some(({ id }) => id === person))
    throw refuse(
      "NotFound",
      `${caller.tenantId} has no person ${person}.`,
      `It has ${people.map(({ id }) => id).join(", ")}; more are declared in tenant.yaml.`,
    );
  const token = await system.accounts.issueToken({ tenantId: caller.tenantId, person }, label);
  return { person, token };
}
