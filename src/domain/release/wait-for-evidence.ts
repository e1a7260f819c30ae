/** Evidence that others hand in may come after a release was proposed: it waits for that as long as policy says, and no longer. */
import { parseDuration } from "../flow/duration.ts";
import { ownSigner } from "../tenant/outside-signers.ts";
import type { Tenant } from "../tenant/tenant.ts";
import { alternatives } from "../time-text.ts";
import type { EffectivePolicy } from "./effective-policy.ts";
import type { EvidenceWait } from "./evidence-wait.ts";
import type { GateAnswer } from "./gate.ts";

/** Undefined where policy lets no release wait for evidence. */
export function evidenceWait(
  { waitForEvidence, signers }: Pick<EffectivePolicy, "waitForEvidence" | "signers">,
  { evidence }: Pick<Tenant, "evidence">,
  proposedAt: string,
): EvidenceWait | undefined {
  const waitMs = waitForEvidence === undefined ? undefined : parseDuration(waitForEvidence);
  if (waitMs === undefined) return undefined;
  const producers: EvidenceWait["producers"] = {};
  for (const { id, kinds } of evidence.producers)
    for (const kind of kinds) producers[kind] = [...(producers[kind] ?? []), id];
  // A signature counts by its key, whoever hands it in.
  const taken = evidence.signers.some(({ id }) => signers?.includes(id) ?? id !== ownSigner);
  if (!taken) delete producers.signature;
  return { until: new Date(Date.parse(proposedAt) + waitMs).toISOString(), producers };
}

/** What lacks evidence that may still come holds the release instead of rejecting it. */
export function untilItComes(
  answer: GateAnswer,
  { now, evidenceWait: wait }: { now: string; evidenceWait?: EvidenceWait | undefined },
): GateAnswer {
  if (answer.status !== "Failed" || answer.lacks === undefined || wait === undefined) return answer;
  const producers = wait.producers[answer.lacks];
  if (producers === undefined || wait.until <= now) return answer;
  const { refusal } = answer;
  const next =
    `It waits for ${alternatives(producers)} until ${wait.until}, and is rejected then. ${refusal.next ?? ""}`.trim();
  return { ...answer, refusal: { ...refusal, next }, until: wait.until, holds: true };
}
