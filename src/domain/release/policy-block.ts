/** A security enforcer outside keeps these bytes from being released, until it says itself that it does not any more. */
import { counts, producerOf } from "../evidence/weigh-tests.ts";
import type { EvidencePolicy } from "../tenant/delivery-policies.ts";

export interface PolicyBlock {
  /** Source of its events, such as /security/trivy. */
  source: string;
  eventId: string;
  words: string;
}

interface Stated {
  id: string;
  source: string;
  sequence: number;
  data: Record<string, unknown>;
}

/** Of each enforcer that the tenant lists today, the newest word on this tree counts. */
export function policyBlocks(
  stated: readonly Stated[],
  { tree, evidence }: { tree: string; evidence: Pick<EvidencePolicy, "producers"> },
): PolicyBlock[] {
  const newest = new Map<string, Stated>();
  for (const one of stated.toSorted((a, b) => a.sequence - b.sequence))
    if (one.data.tree === tree && counts(one.source, "policy", evidence))
      newest.set(producerOf(one.source) ?? one.source, one);
  return [...newest.values()]
    .filter(({ data }) => data.lifted !== true)
    .map(({ id, source, data }) => ({ source, eventId: id, words: wordsOf(data.reasons) }));
}

function wordsOf(reasons: unknown): string {
  const found = (Array.isArray(reasons) ? reasons : []) as { message?: unknown }[];
  return found.map(({ message }) => String(message)).join("; ") || "without a reason";
}
