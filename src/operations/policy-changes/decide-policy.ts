/** A second person confirms a change of policy, or anybody who may rejects it. */
import { z } from "zod";
import { confirmersOf } from "../../domain/policy/governed-parts.ts";
import { withPolicyFile } from "../../domain/policy/policy-file.ts";
import type { Proposal } from "../../domain/policy/proposal.ts";
import { type RefusalError, refuse } from "../../domain/refusal.ts";
import type { Tenant } from "../../domain/tenant/tenant.ts";
import { alternatives } from "../../domain/time-text.ts";
import { peopledAs, peopledTenant } from "../accounts/peopled-tenant.ts";
import { permit } from "../permit.ts";
import type { Caller, System } from "../system.ts";
import { type Applied, type Current, changeOf, currentOf, putInForce } from "./declared.ts";
import { readProposals } from "./read-proposals.ts";
import { requireReason } from "./require-reason.ts";

const proposal = z.string().regex(/^policy-[1-9]\d{0,14}$/, "expected a proposal such as policy-12");
export const confirmPolicyInput = z.object({ proposal, comment: z.string().max(2_000).default("") });
export const rejectPolicyInput = z.object({ proposal, reason: z.string().max(2_000).default("") });

/** Asked again after the server ended in between, it goes on where it was. */
export async function confirmPolicy(
  system: System,
  caller: Caller,
  { proposal: id, comment }: z.output<typeof confirmPolicyInput>,
): Promise<Applied> {
  const found = await findProposal(system, caller, id);
  const current = await currentOf(system, caller.tenantId);
  const tenant = await peopledAs(system, caller.tenantId, current.tenant);
  await requireSecond(system, caller, { found, tenant });
  requireUndecided(found);
  requireSameGround(found, { ...current, tenant });
  const change = changeOf(current, withPolicyFile(current, { text: found.text, name: id }));
  if (found.is.state === "open") await writeConfirmation(system, caller, { found, comment });
  const { reason, changes: lines, asks } = found;
  const how = "second person";
  return putInForce(system, caller, {
    ...{ current, how, reason, proposal: id },
    change: { ...change, lines, asks },
  });
}

/** Another one may decide at the same moment: what stands first in the journal counts. */
async function writeConfirmation(
  system: System,
  caller: Caller,
  { found, comment }: { found: Proposal; comment: string },
): Promise<void> {
  const { id, digest } = found;
  await system.journal.append(caller.tenantId, [
    { act: "PolicyConfirmed", actor: caller.person, data: { proposal: id, digest, comment } },
  ]);
  const decided = await findProposal(system, caller, id);
  if (decided.is.state !== "confirmed" || decided.is.by !== caller.person) throw notOpen(decided);
}

export async function rejectPolicy(
  system: System,
  caller: Caller,
  { proposal: id, reason }: z.output<typeof rejectPolicyInput>,
): Promise<{ proposal: string }> {
  const found = await findProposal(system, caller, id);
  const tenant = await peopledTenant(system, caller.tenantId);
  // Who proposed it may take it back.
  if (caller.person !== found.by) await requireSecond(system, caller, { found, tenant });
  if (found.is.state !== "open") throw notOpen(found);
  requireReason(reason, "A rejection");
  await system.journal.append(caller.tenantId, [
    { act: "PolicyRejected", actor: caller.person, data: { proposal: id, comment: reason } },
  ]);
  const decided = await findProposal(system, caller, id);
  if (decided.is.state !== "rejected") throw notOpen(decided);
  return { proposal: id };
}

async function findProposal(system: System, caller: Caller, id: string): Promise<Proposal> {
  const found = (await readProposals(system, caller.tenantId)).find((one) => one.id === id);
  if (found !== undefined) return found;
  throw refuse(
    "NotFound",
    `${caller.tenantId} has no proposal ${id}.`,
    "See what is proposed: connectsoft policy list",
  );
}

/** Refuses who proposed it themselves, and who may not decide on these parts. */
async function requireSecond(
  system: System,
  caller: Caller,
  { found, tenant }: { found: Proposal; tenant: Tenant },
): Promise<void> {
  const able = confirmersOf(tenant, found.asks, found.by);
  const next = `Ask ${alternatives(able) || "a StudioAdmin"}.`;
  if (caller.person === found.by)
    throw refuse(
      "SelfApproval",
      `${caller.person} proposed ${found.id} and cannot confirm it: that takes a second person.`,
      next,
    );
  if (able.includes(caller.person)) return;
  await permit(system, caller, { action: found.asks === "tenant" ? "tenant" : "policy" });
  throw refuse(
    "UnauthorizedApprover",
    `${caller.person} may not decide on ${found.id}, which changes ${found.parts.join(", ")}.`,
    next,
  );
}

function requireUndecided(found: Proposal): void {
  const { is } = found;
  if (is.state === "open" || (is.state === "confirmed" && !is.applied)) return;
  throw notOpen(found);
}

function notOpen({ id, is, expires }: Proposal): RefusalError {
  const decided = "by" in is ? `was ${is.state} by ${is.by}` : `expired at ${expires}`;
  return refuse(
    "Conflict",
    `${id} ${decided}.`,
    "Propose the change again where it is still wanted: connectsoft policy propose <file>",
  );
}

/** A change was read against one declaration, and is confirmed for that one alone. */
function requireSameGround({ id, from, digest, by }: Proposal, current: Current): void {
  const left = !current.tenant.people.some((person) => person.id === by);
  // The second digest: it was put in force, and the server ended before that was written down.
  if ([from.digest, digest].includes(current.digest) && !left) return;
  throw refuse(
    "Conflict",
    left
      ? `${by}, who proposed ${id}, does not belong to ${current.tenant.id} any more.`
      : `${id} was made of version ${from.version} and version ${current.version} holds by now.`,
    "Propose the change again: connectsoft policy propose <file>",
  );
}
