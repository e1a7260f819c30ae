/** Keeps what a provider said of somebody who calls, where the tenant lets that hold. */
import type { ClaimedPerson } from "../../domain/tenant/signed-in-person.ts";
import type { Tenant } from "../../domain/tenant/tenant.ts";
import { wakePending } from "../decisions/wake-pending.ts";
import type { System } from "../system.ts";

/** `issuedAt`: seconds since 1970, as its token says (RFC 7519). */
export async function keepSignIn(
  system: System,
  { id: tenantId, signIn }: Tenant,
  { person, groups, issuedAt }: ClaimedPerson & { issuedAt: unknown },
): Promise<void> {
  if (signIn?.groupsHold === undefined) return;
  const now = system.clock.now().getTime();
  // What is dated ahead holds no longer than what is said now.
  const at = new Date(typeof issuedAt === "number" ? Math.min(issuedAt * 1_000, now) : now).toISOString();
  const mapped = groups.filter((group) => Object.hasOwn(signIn.groups, group)).sort();
  const lost = await system.signIns.keep(tenantId, { person, issuer: signIn.issuer, groups: mapped, at });
  if (!lost) return;
  const caller = { tenantId, person, roles: [], method: "api" as const };
  await wakePending(system, caller, `${person} lost a group that they had`);
}
