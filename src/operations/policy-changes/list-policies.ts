/** What is proposed, and what was changed by whom. */
import { z } from "zod";
import { confirmersOf } from "../../domain/policy/governed-parts.ts";
import type { Proposal } from "../../domain/policy/proposal.ts";
import { peopledAs } from "../accounts/peopled-tenant.ts";
import type { Caller, System } from "../system.ts";
import { currentOf } from "./declared.ts";
import { readPolicyActs, readProposals } from "./read-proposals.ts";

/** Without the text, which is as long as a declaration. */
export type ListedProposal = Omit<Proposal, "text"> & {
  mayConfirm: string[];
  /** Another version holds by now than the one it was made of: nobody confirms it any more. */
  outdated: boolean;
};

export async function listProposals(system: System, caller: Caller): Promise<ListedProposal[]> {
  const { tenant: declared, digest } = await currentOf(system, caller.tenantId);
  const tenant = await peopledAs(system, caller.tenantId, declared);
  const found = await readProposals(system, caller.tenantId);
  return found.toReversed().map(({ text: _text, ...proposal }) => {
    const { asks, by, from, is } = proposal;
    const outdated = is.state === "open" && ![from.digest, proposal.digest].includes(digest);
    const waits = is.state === "open" && !outdated;
    return { ...proposal, outdated, mayConfirm: waits ? confirmersOf(tenant, asks, by) : [] };
  });
}

export interface PolicyVersion {
  version: number;
  digest: string;
  by: string;
  at: string;
  /** As the journal has it; absent for a version that was not put in force by an act of a person. */
  how?: string;
  reason?: string;
  proposal?: string | undefined;
  proposedBy?: string;
  changes: string[];
}

/** Every version, newest first. */
export async function policyHistory(system: System, caller: Caller): Promise<PolicyVersion[]> {
  const { tenantId } = caller;
  const [versions, acts, proposals] = await Promise.all([
    system.tenants.versions(tenantId),
    readPolicyActs(system, tenantId),
    readProposals(system, tenantId),
  ]);
  const applied = acts
    .filter(({ act }) => act === "PolicyApplied")
    .map(({ data }) => appliedSchema.parse(data));
  return versions.toReversed().map(({ version, digest, by, at }) => {
    const told = applied.find((one) => one.version === version && one.digest === digest);
    const proposedBy = proposals.find(({ id }) => id === told?.proposal)?.by;
    return { version, digest, by, at, changes: [], ...told, ...(proposedBy !== undefined && { proposedBy }) };
  });
}

const appliedSchema = z.object({
  version: z.int(),
  digest: z.string(),
  how: z.string(),
  reason: z.string(),
  proposal: z.string().optional(),
  changes: z.array(z.string()),
});
