/** Whether releases of a scope are held now, by what, and until when they are. */
import { concerns, type Freeze, type FreezeScope, type OverridingRole } from "./freeze.ts";
import { windowsTouching } from "./windows.ts";

/** A freeze as it is known: declared in tenant.yaml, or set by a person. */
export interface KnownFreeze extends Freeze {
  setBy?: { person: string; at: string };
}

export interface ActiveFreeze {
  id: string;
  reason: string;
  timeZone: string;
  /** When this window ends, ISO 8601; absent where it has no end. */
  until?: string;
  mayOverride: OverridingRole[];
}

/**
 * `now`: what the clock says. `seen`: the newest time that was ever told here, which is later where the clock was
 * turned back. A freeze holds where it holds at either: turning a clock reopens nothing.
 */
export interface Times {
  now: Date;
  seen: Date;
}

export interface Standing {
  active: ActiveFreeze[];
  /** When all of them, and those that follow without a gap, have ended. Absent where one has no end. */
  until?: string;
}

export function standingOf(
  freezes: readonly KnownFreeze[],
  scope: FreezeScope,
  { now, seen }: Times,
): Standing {
  const here = freezes.filter((freeze) => concerns(freeze, scope));
  const moments = [...new Set([now.getTime(), Math.max(now.getTime(), seen.getTime())])];
  const active = here.flatMap((freeze) => activeAt(freeze, moments));
  if (active.length === 0) return { active };
  const until = joinedEnd(here, active);
  return until === undefined ? { active } : { active, until: new Date(until).toISOString() };
}

function activeAt(freeze: KnownFreeze, moments: number[]): ActiveFreeze[] {
  const windows = moments.flatMap((moment) => windowsTouching(freeze, moment, moment));
  if (windows.length === 0) return [];
  const { id, reason, timeZone, mayOverride } = freeze;
  const ends = windows.map(({ until }) => until ?? Number.POSITIVE_INFINITY);
  const last = Math.max(...ends);
  const until = Number.isFinite(last) ? { until: new Date(last).toISOString() } : {};
  return [{ id, reason, timeZone, mayOverride, ...until }];
}

/** More windows that follow each other than this are looked at when the last of these has ended. */
const mostJoined = 50;

function joinedEnd(freezes: KnownFreeze[], active: ActiveFreeze[]): number | undefined {
  let end = latest(active.map(({ until }) => (until === undefined ? undefined : Date.parse(until))));
  for (let joined = 0; joined < mostJoined && end !== undefined; joined++) {
    const at = end;
    const next = freezes.flatMap((freeze) => windowsTouching(freeze, at, at));
    if (next.length === 0) return end;
    end = latest(next.map(({ until }) => until));
  }
  return end;
}

function latest(ends: (number | undefined)[]): number | undefined {
  return ends.some((end) => end === undefined) ? undefined : Math.max(...(ends as number[]));
}
