/** Events of an iCalendar file (RFC 5545) as freezes. What cannot be taken as it is written is left out and said. */
import ICAL from "ical.js";
import { sha256Hex } from "../canonical-json.ts";
import { type Freeze, freezeSchema } from "./freeze.ts";
import { isTimeZone } from "./wall-clock.ts";

export interface ReadCalendar {
  freezes: Freeze[];
  left: { what: string; why: string }[];
}

export interface CalendarDefaults {
  /** Of events whose times name no zone. */
  timeZone: string;
  /** Scope and who may override, the same for all of them. */
  more: Partial<Freeze>;
}

/** Throws an Error where the text is no calendar. */
export function readCalendar(text: string, defaults: CalendarDefaults): ReadCalendar {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const found: ReadCalendar = { freezes: [], left: [] };
  for (const component of calendar.getAllSubcomponents("vevent")) {
    const what = textOf(component, "summary") || textOf(component, "uid") || "an event without a name";
    try {
      if (component.hasProperty("recurrence-id"))
        throw new Error(
          "one moved occurrence of a recurring event is not taken; except it and add it as an event",
        );
      const parsed = freezeSchema.safeParse(freezeOf(component, defaults));
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        throw new Error(`${issue?.path.join(".")}: ${issue?.message}`);
      }
      found.freezes.push(parsed.data);
    } catch (error) {
      found.left.push({ what, why: (error as Error).message });
    }
  }
  return found;
}

function freezeOf(component: ICAL.Component, { timeZone, more }: CalendarDefaults): Record<string, unknown> {
  const start = component.getFirstProperty("dtstart");
  if (start === null) throw new Error("it has no DTSTART");
  const zone = zoneOf(start) ?? timeZone;
  if (!isTimeZone(zone)) throw new Error(`its time zone ${zone} is none of the IANA database`);
  const end = component.getFirstProperty("dtend");
  if (end !== null && (zoneOf(end) ?? timeZone) !== zone)
    throw new Error("its start and its end are in different time zones");
  const rules = component.getAllProperties("rrule");
  if (rules.length > 1) throw new Error("it has more than one RRULE");
  const first = timeOf(start);
  return {
    id: `ics-${sha256Hex(textOf(component, "uid") || String(component)).slice(0, 12)}`,
    reason: (textOf(component, "summary") || "calendar")
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
      .slice(0, 200),
    timeZone: zone,
    start: localText(first),
    end: localText(end === null ? endBy(component, first) : timeOf(end)),
    ...(rules[0] !== undefined && { rrule: String(rules[0].getFirstValue()) }),
    ...listOf(component, "exdate", zone),
    ...listOf(component, "rdate", zone),
    ...more,
  };
}

/** A day where it is a date, else the moment of its DURATION. */
function endBy(component: ICAL.Component, start: ICAL.Time): ICAL.Time {
  const end = start.clone();
  const duration = component.getFirstPropertyValue("duration");
  end.addDuration(
    duration instanceof ICAL.Duration ? duration : ICAL.Duration.fromString(start.isDate ? "P1D" : "PT0S"),
  );
  return end;
}

function listOf(component: ICAL.Component, name: "exdate" | "rdate", zone: string): Record<string, string[]> {
  const properties = component.getAllProperties(name);
  if (properties.some((one) => (zoneOf(one) ?? zone) !== zone))
    throw new Error(`its ${name.toUpperCase()} is in another time zone than its start`);
  const values = properties.flatMap((one) => one.getValues());
  if (values.length === 0) return {};
  return {
    [name]: values.map((value) => {
      if (value instanceof ICAL.Time) return localText(value);
      throw new Error(`its ${name.toUpperCase()} names periods, which are not taken`);
    }),
  };
}

function zoneOf(property: ICAL.Property): string | undefined {
  const named = property.getFirstParameter("tzid");
  if (named) return named;
  const value = property.getFirstValue();
  return value instanceof ICAL.Time && !value.isDate && value.zone === ICAL.Timezone.utcTimezone
    ? "UTC"
    : undefined;
}

function timeOf(property: ICAL.Property): ICAL.Time {
  const value = property.getFirstValue();
  if (value instanceof ICAL.Time) return value;
  throw new Error(`${property.name} is no time`);
}

function localText(time: ICAL.Time): string {
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${time.year}-${pad(time.month)}-${pad(time.day)}T${pad(time.hour)}:${pad(time.minute)}${time.second > 0 ? `:${pad(time.second)}` : ""}`;
}

function textOf(component: ICAL.Component, name: string): string {
  return String(component.getFirstPropertyValue(name) ?? "").trim();
}
