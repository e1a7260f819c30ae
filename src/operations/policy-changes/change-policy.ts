/**
 * Changes a tenant's declaration by one person's word where that is enough, and proposes it to a second person where
 * it is not.
 */
import { sha256 } from "../../domain/canonical-json.ts";
import { confirmersOf } from "../../domain/policy/governed-parts.ts";
import { type ProposedChange, proposalId } from "../../domain/policy/proposal.ts";
import { refuse } from "../../domain/refusal.ts";
import type { Compliance } from "../../domain/tenant/compliance.ts";
import type { Tenant } from "../../domain/tenant/tenant.ts";
import { requireSoundAccess } from "../access/require-sound-access.ts";
import { peopledAs } from "../accounts/peopled-tenant.ts";
import { permit } from "../permit.ts";
import type { Caller, System } from "../system.ts";
import { type Applied, type Change, type Current, putInForce } from "./declared.ts";

export interface Proposed {
  tenantId: string;
  proposal: string;
  /** People of whom one has to confirm it. */
  mayConfirm: string[];
  /** ISO 8601. */
  expires: string;
  changes: string[];
}

const validMs = 7 * 24 * 60 * 60 * 1_000;

export async function changePolicy(
  system: System,
  caller: Caller,
  wanted: { current: Current; change: Change; reason: string; file?: string },
): Promise<Applied | Proposed> {
  const { current, change, reason, file = "tenant.yaml" } = wanted;
  if (change.parts.length === 0) {
    const { version, digest } = current;
    return { tenantId: caller.tenantId, version, digest, how: "as it was", changes: [] };
  }
  await requireSoundAccess(system, change.tenant, { tenantId: caller.tenantId, text: change.text, file });
  if (change.asks === "tenant") await permit(system, caller, { action: "tenant" });
  const people = await peopledAs(system, caller.tenantId, current.tenant);
  const how = enough(people, change);
  if (how !== undefined) return putInForce(system, caller, { current, change, how, reason });
  return propose(system, caller, { current, people, change, reason });
}

/** Why one person is enough, or undefined where it takes a second one. */
function enough(before: Tenant, { tenant: after, parts, asks }: Change): string | undefined {
  if (asks === "none") return "no policy in it";
  const loosens = parts.includes("compliance") && !covers(after.compliance, before.compliance);
  if (parts.every((part) => part === "compliance") && !loosens) return "stricter";
  // Compliance mode is not ended by one person, not even where there is no other.
  if (before.people.length === 1 && !loosens) return "self-approved, single person";
  return undefined;
}

function covers(one: Compliance, other: Compliance): boolean {
  const all = (is: readonly string[], was: readonly string[]) => was.every((name) => is.includes(name));
  return (
    (one.regulated || !other.regulated) &&
    all(one.environments, other.environments) &&
    all(one.modules, other.modules) &&
    all(one.traces, other.traces)
  );
}

async function propose(
  system: System,
  caller: Caller,
  wanted: { current: Current; people: Tenant; change: Change; reason: string },
): Promise<Proposed> {
  const { tenantId, person } = caller;
  const { current, people, change, reason } = wanted;
  const mayConfirm = confirmersOf(people, change.asks, person);
  if (mayConfirm.length === 0)
    throw refuse(
      "QuorumNotMet",
      `A second person has to confirm this change of ${change.parts.join(", ")}, and ${current.tenant.id} has nobody beside ${person} who may.`,
      "A StudioAdmin or ReleaseManager more is declared in tenant.yaml of the server's data directory, which is put in force when the server starts.",
    );
  const expires = new Date(system.clock.now().getTime() + validMs).toISOString();
  const proposed: ProposedChange = {
    from: { version: current.version, digest: current.digest },
    text: change.text,
    digest: sha256(change.text),
    parts: change.parts,
    asks: change.asks,
    reason,
    changes: change.lines,
    expires,
  };
  const [entry] = await system.journal.append(tenantId, [
    { act: "PolicyProposed", actor: person, data: { ...proposed } },
  ]);
  const proposal = proposalId(entry?.sequence ?? 0);
  return { tenantId, proposal, mayConfirm, expires, changes: change.lines };
}
