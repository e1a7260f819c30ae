/** Sets the events of a calendar as freezes. Read again, what stands already is left as it is. */
import { z } from "zod";
import { freezeSchema } from "../../domain/freeze/freeze.ts";
import { type ReadCalendar, readCalendar } from "../../domain/freeze/read-calendar.ts";
import { RefusalError, refuse } from "../../domain/refusal.ts";
import type { Caller, System } from "../system.ts";
import { type FreezeAnswer, recordFreeze } from "./set-freeze.ts";

const { environments, modules, editions, mayOverride, timeZone } = freezeSchema.shape;

export const importCalendarInput = z
  .object({ text: z.string().max(1_048_576), timeZone, environments, modules, editions, mayOverride })
  .strict();

export interface ImportAnswer {
  set: FreezeAnswer[];
  left: ReadCalendar["left"];
}

export async function importCalendar(
  system: System,
  caller: Caller,
  { text, timeZone, ...more }: z.output<typeof importCalendarInput>,
): Promise<ImportAnswer> {
  const read = readOrRefuse(text, { timeZone, more });
  const answer: ImportAnswer = { set: [], left: read.left };
  for (const freeze of read.freezes) {
    try {
      answer.set.push(await recordFreeze(system, caller, freeze));
    } catch (error) {
      // One that is over, or that stands with other words, keeps the rest from nothing.
      if (!(error instanceof RefusalError) || error.refusal.code === "Unavailable") throw error;
      answer.left.push({ what: freeze.reason, why: error.refusal.message });
    }
  }
  return answer;
}

function readOrRefuse(...given: Parameters<typeof readCalendar>): ReadCalendar {
  try {
    return readCalendar(...given);
  } catch (error) {
    throw refuse(
      "InputInvalid",
      `text: expected a calendar (RFC 5545): ${(error as Error).message}.`,
      "Export it from your calendar as .ics and try again.",
    );
  }
}
