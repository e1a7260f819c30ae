/** The windows of all freezes between two moments: what a calendar draws. */
import { z } from "zod";
import { windowsTouching } from "../../domain/freeze/windows.ts";
import { refuse } from "../../domain/refusal.ts";
import type { Caller, System } from "../system.ts";
import { windowText } from "./set-freeze.ts";

const moment = z.iso.datetime({ offset: true });
export const listFreezeWindowsInput = z.object({ from: moment, to: moment });

export interface FreezeWindow {
  id: string;
  reason: string;
  timeZone: string;
  /** ISO 8601. */
  from: string;
  /** Absent: it has no end. */
  until?: string;
  /** From when until when, by the clocks of its zone. */
  words: string;
  /** It comes again by a rule. */
  recurs: boolean;
  /** Absent: all of them. */
  environments?: string[];
  modules?: string[];
}

const longestMs = 400 * 24 * 60 * 60 * 1_000;

export async function listFreezeWindows(
  system: System,
  { tenantId }: Caller,
  input: z.output<typeof listFreezeWindowsInput>,
): Promise<FreezeWindow[]> {
  const [from, to] = [Date.parse(input.from), Date.parse(input.to)];
  if (to < from || to - from > longestMs)
    throw refuse("InputInvalid", "to: expected a moment after `from`, at most 400 days later.");
  const freezes = await system.freezes.read(tenantId);
  const windows = freezes.flatMap((freeze) =>
    windowsTouching(freeze, from, to).map((window) => ({ freeze, window })),
  );
  return windows
    .sort((a, b) => a.window.from - b.window.from)
    .map(({ freeze, window }) => ({
      id: freeze.id,
      reason: freeze.reason,
      timeZone: freeze.timeZone,
      from: new Date(window.from).toISOString(),
      ...(window.until !== undefined && { until: new Date(window.until).toISOString() }),
      words: windowText(freeze, window),
      recurs: freeze.rrule !== undefined,
      ...(freeze.environments !== undefined && { environments: freeze.environments }),
      ...(freeze.modules !== undefined && { modules: freeze.modules }),
    }));
}
