/**
 * A Release Manager puts one release on the expedited path that the environment's policy describes: one that
 * waits, or the version of one that was taken back, which is proposed again. A hold on the version is overruled.
 * The change is not their own, where the environment asks for an approval.
 */
import { z } from "zod";
import { sponsorsOf } from "../domain/release/authors.ts";
import { effectivePolicy, policyAsked } from "../domain/release/effective-policy.ts";
import { expedited } from "../domain/release/hotfix.ts";
import { releaseNumber, type Subject } from "../domain/scope.ts";
import type { Role } from "../domain/tenant/tenant.ts";
import { requireAccepted, statesOf } from "./act-on-release.ts";
import { findRelease } from "./find-delivery.ts";
import { type Caller, type System, sourceOf } from "./system.ts";

export const approveHotfixInput = z.object({
  releaseId: releaseNumber,
  comment: z.string().trim().min(1, "say why it cannot wait, for those who read the record").max(2_000),
});

export interface HotfixPath {
  subject: Subject;
  environment: string;
  releaseId: string;
  /** The version is proposed under a new release number. */
  again: boolean;
  /** What is still asked for; null where the environment needs no approval. */
  asks: { roles: Role[]; minApprovers: number; minDelayBeforeDeploy: string } | null;
  /** Whether policy describes an expedited path at all; the hold is overruled without one too. */
  expedited: boolean;
}

const waiting = ["evaluation", "awaiting_approval", "delayed"];

export async function approveHotfix(
  system: System,
  caller: Caller,
  { releaseId, comment }: z.output<typeof approveHotfixInput>,
): Promise<HotfixPath> {
  const found = await findRelease(system, caller, releaseId);
  const { record, instance } = found;
  const { environment } = instance;
  requireAccepted(system, found, "HotfixApproved", "taken as a hotfix");
  const again = !statesOf(system, found).some((state) => waiting.includes(state));
  const data = { by: caller.person, reason: comment, comment, releaseId, again };
  const { events } = await system.engine.append(record.subject, [
    { name: "HotfixApproved", source: sourceOf(caller), environment, releaseId, data },
  ]);
  const sponsors = sponsorsOf(record.handOver);
  const tenant = await system.tenants.get(caller.tenantId);
  const usual = effectivePolicy(tenant, policyAsked(record, environment));
  const word = { by: caller.person, comment, at: events[0]?.time ?? system.clock.now().toISOString() };
  const { roles, minApprovers, minDelayBeforeDeploy } = expedited(usual, word, sponsors);
  return {
    subject: record.subject,
    environment,
    releaseId,
    again,
    asks: usual.requiresApproval ? { roles, minApprovers, minDelayBeforeDeploy } : null,
    expedited: usual.hotfix !== undefined,
  };
}
