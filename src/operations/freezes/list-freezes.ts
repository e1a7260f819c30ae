/** What is frozen now, what comes next, and by whose clock. */
import type { Freeze } from "../../domain/freeze/freeze.ts";
import { nextWindow } from "../../domain/freeze/next-window.ts";
import type { SetFreeze } from "../../domain/freeze/set-freezes.ts";
import { type KnownFreeze, standingOf } from "../../domain/freeze/standing.ts";
import type { Window } from "../../domain/freeze/windows.ts";
import type { Caller, System } from "../system.ts";
import { windowText } from "./set-freeze.ts";

export interface ListedFreeze extends Pick<Freeze, "id" | "reason" | "timeZone" | "mayOverride"> {
  /** `over`: it holds nothing any more. */
  state: "active" | "coming" | "over";
  /** The window that holds or comes next, ISO 8601, and in words by the clocks of the zone. */
  from?: string;
  until?: string;
  words?: string;
  rrule?: string;
  environments?: string[];
  modules?: string[];
  editions?: string[];
  /** Absent: declared in tenant.yaml. */
  setBy?: { person: string; at: string };
  liftAsked?: { by: string; at: string; reason: string };
}

export async function listFreezes(system: System, caller: Caller): Promise<ListedFreeze[]> {
  const now = system.clock.now();
  const [known, seen] = await Promise.all([
    system.freezes.read(caller.tenantId),
    system.freezes.newestTime(caller.tenantId, now),
  ]);
  const listed = known.map((freeze) => describe(freeze, { now, seen }));
  return listed.sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || compare(a.from, b.from));
}

const order = ["active", "coming", "over"];

function describe(freeze: KnownFreeze, times: { now: Date; seen: Date }): ListedFreeze {
  const { id, reason, timeZone, mayOverride, rrule, environments, modules, editions, setBy } = freeze;
  const { liftAsked } = freeze as SetFreeze;
  const everywhere = {
    environment: environments?.[0] ?? "",
    moduleId: modules?.[0] ?? "",
    editionId: editions?.[0],
  };
  const { active } = standingOf([freeze], everywhere, times);
  const moment =
    active.length > 0 && nextWindow(freeze, times.now.getTime()) === undefined ? times.seen : times.now;
  const window = nextWindow(freeze, moment.getTime());
  return {
    id,
    reason,
    timeZone,
    mayOverride,
    state: active.length > 0 ? "active" : window === undefined ? "over" : "coming",
    ...(window !== undefined && factsOf(freeze, window)),
    ...(rrule !== undefined && { rrule }),
    ...(environments !== undefined && { environments }),
    ...(modules !== undefined && { modules }),
    ...(editions !== undefined && { editions }),
    ...(setBy !== undefined && { setBy }),
    ...(liftAsked !== undefined && { liftAsked }),
  };
}

function factsOf(freeze: Freeze, window: Window): Pick<ListedFreeze, "from" | "until" | "words"> {
  return {
    from: new Date(window.from).toISOString(),
    ...(window.until !== undefined && { until: new Date(window.until).toISOString() }),
    words: windowText(freeze, window),
  };
}

function compare(a = "", b = ""): number {
  return a < b ? -1 : Number(a > b);
}
