/** Takes campaigns of upgrades on, one look after the other, for as long as the server lives. */
import { setTimeout as delay } from "node:timers/promises";
import { advanceFleet } from "../operations/fleet/advance-fleet.ts";
import type { System } from "../operations/system.ts";

export interface FleetInTurn {
  /** Resolves when the look that is under way has ended. */
  stop(): Promise<void>;
}

const betweenLooksMs = 1_000;

export function advanceFleetInTurn(
  system: System,
  trouble: (message: string, error: unknown) => void,
): FleetInTurn {
  const stopping = new AbortController();
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
        await advanceFleet(system);
        troubled = false;
      } catch (error) {
        // Told once and not each second: a database that is away comes back, or others say so too.
        if (!troubled) trouble("campaigns could not be taken on", error);
        troubled = true;
      }
      await delay(betweenLooksMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
    }
  }
}
