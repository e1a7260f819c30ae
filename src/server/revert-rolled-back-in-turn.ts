/** Has git follow what was rolled back, one look after the other, for as long as the server lives. */
import { revertRolledBack, type Seen } from "../operations/revert-rolled-back.ts";
import type { System } from "../operations/system.ts";
import { type Repeated, repeat } from "./repeat.ts";

export function revertRolledBackInTurn(
  system: System,
  trouble: (message: string, error: unknown) => void,
): Repeated {
  const seen: Seen = new Map();
  return repeat({
    everyMs: 2_000,
    task: () => revertRolledBack(system, seen),
    said: "rolled back changes could not be taken back in git",
    trouble,
  });
}
