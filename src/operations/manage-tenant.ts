/** The tenant's declaration, and access tokens of its people. */
import { z } from "zod";
import { refuse } from "../domain/refusal.ts";
import { parseTenant } from "../domain/tenant/parse-tenant.ts";
import { requireSoundAccess } from "./access/require-sound-access.ts";
import { permit, permitTenant } from "./permit.ts";
import type { Caller, System } from "./system.ts";

export async function showTenant(system: System, caller: Caller) {
  const { text, digest, version, by, at } = await system.tenants.declaration(caller.tenantId);
  return { tenantId: caller.tenantId, version, digest, by, at, text };
}

export const applyTenantInput = z.object({
  text: z.string().max(262_144),
  /** Name of the file for messages. */
  file: z.string().max(1_024).default("tenant.yaml"),
});

/** Replaces the declaration after it was checked whole; refuses with PolicyInvalid. */
export async function applyTenant(
  system: System,
  caller: Caller,
  input: z.output<typeof applyTenantInput>,
): Promise<{ tenantId: string; version: number; digest: string }> {
  const tenant = parseTenant(input.text, input.file);
  await permitTenant(system, caller, tenant.id);
  await requireSoundAccess(system.policy, tenant, input);
  await system.tenants.put(tenant, caller.person, input.text);
  const { version, digest } = await system.tenants.declaration(tenant.id);
  return { tenantId: tenant.id, version, digest };
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
