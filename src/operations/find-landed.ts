/** With which commit a delivery landed on its target branch, and what was there before it. */
import type { HandOver } from "../domain/delivery/hand-over.ts";
import { refuse } from "../domain/refusal.ts";
import type { Subject } from "../domain/scope.ts";
import { lastLanded } from "./last-landed.ts";
import type { System } from "./system.ts";

export interface Landed {
  /** The commit with which the change landed on the target branch, and the one before it there. */
  commit: string;
  before: string;
  /** What was handed over last before it. */
  treeBefore: string;
}

/** Refuses with RollbackImpossible where nothing landed, or nothing was there before. */
export async function findLanded(system: System, subject: Subject, handOver: HandOver): Promise<Landed> {
  const { sourceControl, store } = system;
  const { repository } = handOver;
  const { traceId, moduleId } = subject;
  const merged = (await store.events(subject, { names: ["PullRequestMerged"] })).at(-1);
  if (merged === undefined)
    throw impossible(
      `${traceId} of ${moduleId} has not been merged, so there is nothing to take back.`,
      traceId,
    );
  const commit = String(merged.data.commit);
  const before = await firstBefore(sourceControl, { repository, commit, traceId });
  if (before === undefined) throw impossible(`${traceId} changed nothing of ${moduleId}.`, traceId);
  const recorded = await lastLanded(sourceControl, { repository, to: before, moduleId });
  if (recorded !== undefined) return { commit, before, treeBefore: recorded.sourceTree };
  throw impossible(
    `${traceId} brought the first version of ${moduleId}; before it there is none to go back to.`,
    traceId,
  );
}

/** Down the target's own line: a merge or a squash is one commit of the trace, a rebase several. */
async function firstBefore(
  sourceControl: System["sourceControl"],
  { repository, commit, traceId }: { repository: string; commit: string; traceId: string },
): Promise<string | undefined> {
  for (let at: string | undefined = commit; at !== undefined; ) {
    const [found] = await sourceControl.log({ repository, to: at, limit: 1 });
    if (found?.trailers["Trace-Id"] !== traceId) return at === commit ? undefined : at;
    at = found.parents[0];
  }
  return undefined;
}

function impossible(message: string, traceId: string): Error {
  return refuse("RollbackImpossible", message, `See what it did: connectsoft timeline ${traceId}`);
}
