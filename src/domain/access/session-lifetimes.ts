/** How long sessions in browsers last: an installation may want them shorter, or longer for a screen on a wall. */
import { parseDuration } from "../flow/duration.ts";
import { refuse } from "../refusal.ts";

export interface SessionLifetimes {
  /** Without a request for so long, a session ends. */
  idleMs: number;
  /** However much it is used. */
  longestMs: number;
}

/** As the settings of the installation have them: `30m`, `8h`, `7d`; absent or empty: as usual. */
export interface LifetimeSettings {
  CONNECTSOFT_SESSION_IDLE?: string | undefined;
  CONNECTSOFT_SESSION_LONGEST?: string | undefined;
}

const usual = { CONNECTSOFT_SESSION_IDLE: "8h", CONNECTSOFT_SESSION_LONGEST: "24h" };
/** The last use is kept to the minute: what is shorter would end under somebody's hands. */
const shortestMs = 5 * 60_000;
const longestMs = 90 * 24 * 3_600_000;

/** Refuses with InputInvalid what is no such length: a session must not last longer than was meant. */
export function sessionLifetimes(settings: LifetimeSettings): SessionLifetimes {
  const idleMs = lengthOf("CONNECTSOFT_SESSION_IDLE", settings);
  const wholeMs = lengthOf("CONNECTSOFT_SESSION_LONGEST", settings);
  return { idleMs: Math.min(idleMs, wholeMs), longestMs: wholeMs };
}

function lengthOf(name: keyof LifetimeSettings, settings: LifetimeSettings): number {
  const text = settings[name] || usual[name];
  const ms = parseDuration(text);
  if (ms !== undefined && ms >= shortestMs && ms <= longestMs) return ms;
  throw refuse(
    "InputInvalid",
    `${name}: expected a length from 5m to 90d, such as ${usual[name]}, found ${text}.`,
    "Correct it, or leave it out, and start again.",
  );
}
