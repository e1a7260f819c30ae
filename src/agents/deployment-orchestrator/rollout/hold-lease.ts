/** The lease of a place while a skill works there: renewed by itself, and looked at before every step. */
import type { AgentContext } from "../../../ports/agent.ts";
import type { ReleaseLedger, RolloutLease } from "../../../ports/release-ledger.ts";
import type { ReleaseAtHand } from "../release-at-hand.ts";

export interface HeldLease {
  /** Aborted when the skill is, or when the lease is lost. */
  signal: AbortSignal;
  /** Throws LeaseLost where somebody else has it. */
  require(): Promise<void>;
  /** Keeps it for a while after the skill has ended: nobody else begins in between. */
  keep(forMs: number): Promise<void>;
  /** Gives it back. */
  release(): Promise<void>;
  /** Renews it no more. */
  letGo(): void;
}

/** Another release was given the place, by a rollback that could not wait or because this process stood still. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}

const ttlMs = 30_000;
const renewEveryMs = 10_000;

/** The lease, or whose it is; with `takeOver` whoever has it loses it. */
export async function holdLease(
  releases: Pick<ReleaseLedger, "reserve" | "renew" | "release">,
  context: AgentContext,
  { place, releaseId }: ReleaseAtHand,
  { takeOver = false }: { takeOver?: boolean } = {},
): Promise<{ held: HeldLease } | { by: RolloutLease }> {
  const { traceId, invocationId } = context.invocation;
  const lease = await releases.reserve(place, { releaseId, traceId, invocationId }, { ttlMs, takeOver });
  if (lease.invocationId !== invocationId) return { by: lease };
  const lost = new AbortController();
  const check = async () => {
    if (await releases.renew(place, invocationId, ttlMs)) return;
    lost.abort(
      new LeaseLost(`${releaseId} lost ${place.moduleId} in ${place.environment} to another rollout`),
    );
  };
  // A database that is away for a moment takes nobody's lease; the next step asks again and waits for an answer.
  const timer = setInterval(() => void check().catch(() => {}), renewEveryMs);
  const signal = AbortSignal.any([context.signal, lost.signal]);
  return {
    held: {
      signal,
      async require() {
        signal.throwIfAborted();
        await check();
        signal.throwIfAborted();
      },
      async keep(forMs) {
        clearInterval(timer);
        await releases.renew(place, invocationId, forMs);
      },
      async release() {
        clearInterval(timer);
        await releases.release(place, invocationId);
      },
      letGo: () => clearInterval(timer),
    },
  };
}
