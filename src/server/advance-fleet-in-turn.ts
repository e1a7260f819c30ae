/** Takes campaigns of upgrades on, one look after the other, for as long as the server lives. */
import { advanceFleet } from "../operations/fleet/advance-fleet.ts";
import type { System } from "../operations/system.ts";
import { type Repeated, repeat } from "./repeat.ts";

export function advanceFleetInTurn(
  system: System,
  trouble: (message: string, error: unknown) => void,
): Repeated {
  return repeat({
    everyMs: 1_000,
    task: () => advanceFleet(system),
    said: "campaigns could not be taken on",
    trouble,
  });
}
