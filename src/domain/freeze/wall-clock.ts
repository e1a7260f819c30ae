/**
 * What a local date and time of a zone is as a moment. A clock that is put forward skips local times: those are the
 * moment at which it skips them. One that is put back shows local times twice: a freeze begins at the first of the two
 * and ends at the second, so that in doubt it holds.
 */
import { Temporal } from "temporal-polyfill";

const localForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/;

/** What calendars are for; rules that count are counted from their start. */
const years = { first: 1990, last: 2199 };

/** A local date and time of these centuries such as `2026-12-24T18:00`; undefined where the text is none. */
export function parseLocal(text: string): Temporal.PlainDateTime | undefined {
  if (!localForm.test(text)) return undefined;
  try {
    const local = Temporal.PlainDateTime.from(text, { overflow: "reject" });
    return local.year >= years.first && local.year <= years.last ? local : undefined;
  } catch {
    return undefined;
  }
}

/** Whether it names a zone of the IANA database; an offset is none, because it knows no summer. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** Milliseconds since 1970. */
export function momentOf(local: Temporal.PlainDateTime, timeZone: string, edge: "start" | "end"): number {
  const before = local.toZonedDateTime(timeZone, { disambiguation: "earlier" });
  const skipped = !before.toPlainDateTime().equals(local);
  if (skipped) return before.getTimeZoneTransition("next")?.epochMilliseconds ?? before.epochMilliseconds;
  if (edge === "start") return before.epochMilliseconds;
  return local.toZonedDateTime(timeZone, { disambiguation: "later" }).epochMilliseconds;
}

/** What the clocks of the zone show at a moment. */
export function localAt(moment: number, timeZone: string): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(timeZone).toPlainDateTime();
}

/** `Mon 2026-11-30 07:00 Europe/Berlin`: a moment for people, in words that name one moment only. */
export function wallClockText(moment: number, timeZone: string): string {
  const local = localAt(moment, timeZone);
  const day = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][local.dayOfWeek - 1];
  const time = local.toPlainTime().toString({ smallestUnit: local.second === 0 ? "minute" : "second" });
  return `${day} ${local.toPlainDate()} ${time} ${timeZone}`;
}
