/** Looks after live releases, one look after the other, for as long as the server lives. */
import { setTimeout as delay } from "node:timers/promises";
import { RefusalError } from "../domain/refusal.ts";
import { createLiveWatch } from "../operations/live/live-watch.ts";
import type { System } from "../operations/system.ts";

export interface LiveInTurn {
  /** Resolves when the look that is under way has ended. */
  stop(): Promise<void>;
}

export function watchLiveInTurn(
  system: System,
  { betweenLooksMs }: { betweenLooksMs: number },
  trouble: (message: string, error: unknown) => void,
): LiveInTurn {
  const stopping = new AbortController();
  const watch = createLiveWatch(system, () => performance.now());
  const ended = go();
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };

  async function go(): Promise<void> {
    let troubled = false;
    while (!stopping.signal.aborted) {
      try {
        await watch.look();
        troubled = false;
      } catch (error) {
        // A supervisor that restarts is no trouble; a database that is away comes back, or others say so too.
        const restarting = error instanceof RefusalError && error.refusal.code === "Unavailable";
        if (!troubled && !restarting) trouble("live releases could not be looked at", error);
        troubled = true;
      }
      await delay(betweenLooksMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
    }
  }
}
