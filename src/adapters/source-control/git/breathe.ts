/** Work that holds the program is done in short turns, so that a large folder does not keep everybody else waiting. */
import { setImmediate as nextTurn } from "node:timers/promises";

const turnMs = 5;

/** To be awaited after each piece of the work. */
export function shortTurns(): () => Promise<void> | undefined {
  let endsAt = performance.now() + turnMs;
  return () => {
    if (performance.now() < endsAt) return undefined;
    return nextTurn().then(() => {
      endsAt = performance.now() + turnMs;
    });
  };
}
