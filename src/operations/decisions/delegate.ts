/** A person has another one vote in a role of theirs for a while, and takes it back. */
import { z } from "zod";
import { refuse } from "../../domain/refusal.ts";
import type { Delegation } from "../../domain/release/delegation.ts";
import { roleSchema } from "../../domain/tenant/role.ts";
import { peopledTenant } from "../accounts/peopled-tenant.ts";
import { permit } from "../permit.ts";
import type { Caller, System } from "../system.ts";
import { wakePending } from "./wake-pending.ts";

const time = z.iso.datetime({ offset: true });

export const delegateInput = z.object({
  to: z.string().min(1).max(64),
  role: roleSchema,
  /** Absent: now. */
  from: time.optional(),
  until: time,
  reason: z.string().trim().min(1, "say why, for those who read the record").max(2_000),
});

const longestMs = 366 * 24 * 60 * 60 * 1_000;
/** A begin that was typed a moment ago is no past one. */
const toleranceMs = 60_000;

export async function delegateRole(
  system: System,
  caller: Caller,
  input: z.output<typeof delegateInput>,
): Promise<Delegation> {
  const { tenantId, person } = caller;
  const { to, role, reason } = input;
  const tenant = await peopledTenant(system, tenantId);
  const declared = tenant.people.find(({ id }) => id === person);
  await permit(system, caller, { action: "delegate", lends: role });
  const held = [...(declared?.roles ?? []), ...Object.values(declared?.environments ?? {}).flat()];
  if (!held.includes(role))
    throw refuse(
      "UnauthorizedApprover",
      `${person} does not hold ${role}, and nobody passes on what was delegated to them.`,
      `${person} can delegate ${held.join(", ") || "nothing"}.`,
    );
  if (to === person)
    throw refuse("InputInvalid", `to: ${person} has the role already.`, "Name somebody else.");
  if (!tenant.people.some(({ id }) => id === to))
    throw refuse(
      "NotFound",
      `${tenantId} has no person ${to}; agents and service accounts vote for nobody.`,
      `It has ${tenant.people.map(({ id }) => id).join(", ")}.`,
    );
  const period = periodOf(system.clock.now(), input);
  const delegation = { id: system.newId(), from: person, to, role, reason, ...period };
  await system.delegations.add(tenantId, delegation);
  await system.journal.append(tenantId, [{ act: "RoleDelegated", actor: person, data: { ...delegation } }]);
  return delegation;
}

function periodOf(now: Date, { from, until }: z.output<typeof delegateInput>) {
  const begins = new Date(from ?? now);
  const ends = new Date(until);
  if (begins.getTime() < now.getTime() - toleranceMs)
    throw refuse("InputInvalid", `from: ${from} is past, and a vote of then is not given afterwards.`);
  if (ends <= begins || ends <= now || ends.getTime() - begins.getTime() > longestMs)
    throw refuse(
      "InputInvalid",
      `until: expected a time within a year after ${begins.toISOString()}, found ${until}.`,
    );
  return { begins: begins.toISOString(), ends: ends.toISOString(), madeAt: now.toISOString() };
}

export async function listDelegations(system: System, caller: Caller): Promise<Delegation[]> {
  return await system.delegations.list(caller.tenantId);
}

export const endDelegationInput = z.object({ id: z.string().min(1).max(100) });

/** By whose role it is, or a StudioAdmin. Votes that were given by it and are still counted are void. */
export async function endDelegation(
  system: System,
  caller: Caller,
  { id }: z.output<typeof endDelegationInput>,
): Promise<Delegation> {
  const { tenantId, person } = caller;
  const found = (await system.delegations.list(tenantId)).find((one) => one.id === id);
  if (found === undefined)
    throw refuse(
      "NotFound",
      `There is no delegation ${id} in ${tenantId}.`,
      "See them: connectsoft delegate ls",
    );
  if (found.from !== person) await permit(system, caller, { action: "tenant" });
  const ended = { at: system.clock.now().toISOString(), by: person };
  const delegation = (await system.delegations.end(tenantId, id, ended)) ?? found;
  await system.journal.append(tenantId, [{ act: "DelegationEnded", actor: person, data: { ...delegation } }]);
  await wakePending(system, caller, `${found.from} took ${found.role} back from ${found.to}`);
  return delegation;
}
