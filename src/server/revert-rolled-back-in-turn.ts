/** Has git follow what was rolled back, one look after the other, for as long as the server lives. */
import { setTimeout as delay } from "node:timers/promises";
import { revertRolledBack, type Seen } from "../operations/revert-rolled-back.ts";
import type { System } from "../operations/system.ts";

export interface RevertsInTurn {
  /** Resolves when the look that is under way has ended. */
  stop(): Promise<void>;
}

const betweenLooksMs = 2_000;

export function revertRolledBackInTurn(
  system: System,
  trouble: (message: string, error: unknown) => void,
): RevertsInTurn {
  const stopping = new AbortController();
  const seen: Seen = new Map();
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
        await revertRolledBack(system, seen);
        troubled = false;
      } catch (error) {
        // Told once and not at each look: a database that is away comes back, or others say so too.
        if (!troubled) trouble("rolled back changes could not be taken back in git", error);
        troubled = true;
      }
      await delay(betweenLooksMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
    }
  }
}
