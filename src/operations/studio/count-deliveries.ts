/**
 * How many deliveries the board's filter finds in each state. Counting reads an entry for each that is found, a page only
 * its own: so it is asked for apart, and nobody waits for it who only wants to see the newest.
 */
import type { z } from "zod";
import { type ShownState, shownState, stateWords } from "../../domain/delivery/state-words.ts";
import type { Caller, System } from "../system.ts";
import { type boardFilterInput, readFilter } from "./board-filter.ts";

export interface DeliveryCounts {
  /** The most urgent first, whatever states the filter names; those that it names also where there are none. */
  states: CountedState[];
}

export interface CountedState extends ShownState {
  count: number;
}

export async function countDeliveries(
  system: System,
  caller: Caller,
  input: z.output<typeof boardFilterInput>,
): Promise<DeliveryCounts> {
  const counts = await system.board.counts(await readFilter(system, caller, input));
  return {
    states: stateWords
      .filter((word) => (counts[word] ?? 0) > 0 || input.state?.includes(word))
      .map((word) => ({ ...shownState(word), count: counts[word] ?? 0 })),
  };
}
