import type { AgentContext } from "../../ports/agent.ts";
import type { LedgerEntry, ReleaseLedger } from "../../ports/release-ledger.ts";
import type { ReleaseAtHand } from "./release-at-hand.ts";

/**
 * Tells the delivery that deployed a release that it lost the traffic to this one, or has it again. A
 * restored release is still owned by the trace that first deployed it, whichever rolled back to it.
 */
export async function tellOwner(
  releases: Pick<ReleaseLedger, "history">,
  context: AgentContext,
  { name, of, by }: { name: "ReleaseReplaced" | "ReleaseRestored"; of: LedgerEntry; by: ReleaseAtHand },
): Promise<void> {
  const facts = await releases.history(by.place);
  const owner = facts.find((fact) => fact.releaseId === of.releaseId && fact.outcome === "Deployed")?.traceId;
  const { traceId } = context.invocation;
  if (owner === undefined || owner === traceId) return;
  const data = { releaseId: of.releaseId, byRelease: by.releaseId, byTrace: traceId };
  await context.tell({ traceId: owner }, name, data);
}
