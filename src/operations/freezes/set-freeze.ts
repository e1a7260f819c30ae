/** A Release Manager sets a freeze. It only holds, so nobody else has to confirm; lifting one takes two people. */
import { z } from "zod";
import { digestOf } from "../../domain/canonical-json.ts";
import { type Freeze, freezeSchema } from "../../domain/freeze/freeze.ts";
import { nextWindow } from "../../domain/freeze/next-window.ts";
import type { KnownFreeze } from "../../domain/freeze/standing.ts";
import { localAt, wallClockText } from "../../domain/freeze/wall-clock.ts";
import { plainJson } from "../../domain/json.ts";
import { refuse } from "../../domain/refusal.ts";
import { slug } from "../../domain/scope.ts";
import type { Caller, System } from "../system.ts";

export const setFreezeInput = z
  .object({
    ...freezeSchema.shape,
    /** Absent: one is made up. */
    id: slug.optional(),
    /** Absent: now. */
    start: freezeSchema.shape.start.optional(),
  })
  .strict();

export interface FreezeAnswer {
  id: string;
  /** False where it stood already, word for word. */
  recorded: boolean;
  /** ISO 8601. */
  from: string;
  until?: string;
  /** From when until when, by the clocks of its zone. */
  words: string;
}

export async function setFreeze(
  system: System,
  caller: Caller,
  input: z.output<typeof setFreezeInput>,
): Promise<FreezeAnswer> {
  const now = localAt(system.clock.now().getTime(), input.timeZone);
  // Down to the second, never up: what is set now holds whatever comes next.
  const start = now.round({ smallestUnit: "second", roundingMode: "floor" }).toString();
  const id = input.id ?? `freeze-${system.newId().slice(0, 8)}`;
  return await recordFreeze(system, caller, checked({ ...input, id, start: input.start ?? start }));
}

/** Refuses with InputInvalid a freeze in the past, and one for an environment that the tenant has not; with Conflict an id that is taken. */
export async function recordFreeze(system: System, caller: Caller, freeze: Freeze): Promise<FreezeAnswer> {
  const { tenantId, person } = caller;
  const [tenant, known] = await Promise.all([system.tenants.get(tenantId), system.freezes.read(tenantId)]);
  const environments = tenant.environments.map((one) => one.id);
  const strange = freeze.environments?.find((one) => !environments.includes(one));
  if (strange !== undefined)
    throw refuse(
      "InputInvalid",
      `environments: ${strange} is no environment of ${tenantId}.`,
      `It has ${environments.join(", ")}.`,
    );
  const seen = await system.freezes.newestTime(tenantId, system.clock.now());
  const window = nextWindow(freeze, seen.getTime());
  if (window === undefined)
    throw refuse(
      "InputInvalid",
      `${freeze.id} would hold nothing: its last window ended before ${wallClockText(seen.getTime(), freeze.timeZone)}.`,
      "Name a time to come.",
    );
  const standing = known.find((one) => one.id === freeze.id);
  if (standing !== undefined && !isSame(standing, freeze))
    throw refuse(
      "Conflict",
      `There is a freeze ${freeze.id} already, and it is another one.`,
      "Take another id, or lift that one first: connectsoft freeze list",
    );
  if (standing === undefined) {
    const data = { id: freeze.id, freeze: plainJson(freeze) };
    await system.journal.append(tenantId, [{ act: "FreezeSet", actor: person, data }]);
  }
  return {
    id: freeze.id,
    recorded: standing === undefined,
    from: new Date(window.from).toISOString(),
    ...(window.until !== undefined && { until: new Date(window.until).toISOString() }),
    words: windowText(freeze, window),
  };
}

/** `from Fri 2026-11-27 00:00 until Mon 2026-11-30 07:00 Europe/Berlin`. */
export function windowText(
  { timeZone }: Pick<Freeze, "timeZone">,
  { from, until }: { from: number; until?: number },
) {
  if (until === undefined) return `from ${wallClockText(from, timeZone)}, with no end`;
  return `from ${wallClockText(from, timeZone).replace(` ${timeZone}`, "")} until ${wallClockText(until, timeZone)}`;
}

function checked(freeze: object): Freeze {
  const parsed = freezeSchema.safeParse(freeze);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw refuse(
    "InputInvalid",
    `${issue?.path.join(".")}: ${issue?.message}.`,
    "Correct it and try again: connectsoft freeze set --help",
  );
}

function isSame({ setBy: _who, ...standing }: KnownFreeze, freeze: Freeze): boolean {
  const plain = (one: object) => {
    const { liftAsked: _asked, ...rest } = one as Freeze & { liftAsked?: unknown };
    return digestOf(plainJson(rest));
  };
  return plain(standing) === plain(freeze);
}
