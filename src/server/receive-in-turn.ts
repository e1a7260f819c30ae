/** Does what hooks were asked for and nobody has done: what failed for the moment, and what a server left that was killed. */

import { performWish } from "../operations/hooks/perform-wish.ts";
import { leaseMs } from "../operations/hooks/receive-call.ts";
import type { System } from "../operations/system.ts";
import { type Repeated, repeat } from "./repeat.ts";

const betweenLooksMs = 2_000;
const looksToTidy = 1_800;
const keptMs = 90 * 24 * 3_600_000;

export function receiveInTurn(system: System, trouble: (message: string, error: unknown) => void): Repeated {
  let looks = 0;
  return repeat({
    everyMs: betweenLooksMs,
    async task(signal) {
      if (looks % looksToTidy === 0) await system.hooks.tidy(keptMs);
      looks += 1;
      while (!signal.aborted) {
        const [claimed] = await system.hooks.claim({ limit: 1, leaseMs });
        if (claimed === undefined) return;
        await performWish(system, claimed);
      }
    },
    said: "what hooks received could not be done",
    trouble,
  });
}
