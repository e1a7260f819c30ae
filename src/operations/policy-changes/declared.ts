/** The declaration that a change of policy begins with, and what it takes to change it. */
import { describeChange, type PolicyChange } from "../../domain/policy/describe-change.ts";
import { changedParts, type Governance, governanceOf } from "../../domain/policy/governed-parts.ts";
import type { Declared } from "../../domain/policy/policy-file.ts";
import { type AppliedChange, appliedEntry } from "../../domain/policy/proposal.ts";
import { refuse } from "../../domain/refusal.ts";
import type { Tenant } from "../../domain/tenant/tenant.ts";
import type { TenantDeclaration } from "../../ports/tenants.ts";
import { wakePending } from "../decisions/wake-pending.ts";
import type { Caller, System } from "../system.ts";

export interface Current extends TenantDeclaration {
  tenant: Tenant;
}

export async function currentOf({ tenants }: System, tenantId: string): Promise<Current> {
  const [declaration, tenant] = await Promise.all([tenants.declaration(tenantId), tenants.get(tenantId)]);
  return { ...declaration, tenant };
}

export interface Change extends Declared, PolicyChange {
  parts: (keyof Tenant)[];
  asks: Governance;
}

/** Refuses with PolicyInvalid what would leave nobody who could act. */
export function changeOf(current: Current, declared: Declared): Change {
  const parts = changedParts(current.tenant, declared.tenant);
  const told = describeChange(current.tenant, declared.tenant);
  if (told.lockOuts.length > 0)
    throw refuse(
      "PolicyInvalid",
      `It would lock people out: ${told.lockOuts.join("; ")}.`,
      "Give the roles to enough people first, or ask for fewer: connectsoft policy diff <file> shows what it changes.",
    );
  return { ...declared, ...told, parts, asks: governanceOf(current.tenant, declared.tenant) };
}

export interface Applied {
  tenantId: string;
  version: number;
  digest: string;
  how: string;
  changes: string[];
}

/** What a release that waits may depend on. */
const decisive: readonly (keyof Tenant)[] = [
  "compliance",
  "evidence",
  "freezes",
  "gates",
  "people",
  "releasePolicy",
  "securityPolicy",
  "separationOfDuties",
  "signIn",
];

/** Puts it in force over exactly what it was made of, and writes it down. Refuses with Conflict where that has changed. */
export async function putInForce(
  system: System,
  caller: Caller,
  applied: { current: Current; change: Change } & Pick<AppliedChange, "how" | "reason" | "proposal">,
): Promise<Applied> {
  const { current, change, how, reason, proposal } = applied;
  const { tenantId } = caller;
  await system.tenants.put(change.tenant, caller.person, change.text, current.digest);
  const { version, digest } = await system.tenants.declaration(tenantId);
  const { asks, lines: changes } = change;
  await system.journal.append(tenantId, [
    appliedEntry(caller.person, {
      ...{ version, digest, asks, how, reason, changes },
      ...(proposal !== undefined && { proposal }),
    }),
  ]);
  // What a freeze held goes on, and the vote of somebody who left is void now and not when a release is looked at next.
  const told = change.parts.filter((part) => decisive.includes(part));
  if (told.length > 0)
    await wakePending(
      system,
      caller,
      `${told.join(", ")} changed with version ${version} of the declaration`,
    );
  return { tenantId, version, digest, how, changes };
}
