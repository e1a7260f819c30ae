import { describe, expect, it } from "vitest";
import { readCalendar } from "./read-calendar.ts";

const calendar = (...events: string[]) =>
  [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//test//EN",
    ...events.flatMap((lines) => ["BEGIN:VEVENT", ...lines.trim().split(/\n\s*/), "END:VEVENT"]),
    "END:VCALENDAR",
    "",
  ].join("\r\n");
const read = (...events: string[]) =>
  readCalendar(calendar(...events), { timeZone: "Europe/Paris", more: {} });

describe("a calendar", () => {
  it("becomes freezes: days, zones, recurrence, exceptions", () => {
    const { freezes, left } = read(
      `UID:a
       SUMMARY:Black Friday\\, all shops
       DTSTART;VALUE=DATE:20261127
       DTEND;VALUE=DATE:20261130`,
      `UID:b
       SUMMARY:Weekends
       DTSTART;TZID=America/New_York:20260102T170000
       DTEND;TZID=America/New_York:20260105T070000
       RRULE:FREQ=WEEKLY;UNTIL=20261231T220000Z;BYDAY=FR
       EXDATE;TZID=America/New_York:20260206T170000,20260213T170000`,
      `UID:c
       SUMMARY:One day
       DTSTART;VALUE=DATE:20261224`,
      `UID:d
       SUMMARY:Maintenance
       DTSTART:20260301T220000Z
       DURATION:PT1H30M`,
    );
    expect(left).toEqual([]);
    expect(freezes).toMatchObject([
      {
        reason: "Black Friday, all shops",
        timeZone: "Europe/Paris",
        start: "2026-11-27T00:00",
        end: "2026-11-30T00:00",
      },
      {
        timeZone: "America/New_York",
        start: "2026-01-02T17:00",
        end: "2026-01-05T07:00",
        rrule: "FREQ=WEEKLY;BYDAY=FR;UNTIL=20261231T220000Z",
        exdate: ["2026-02-06T17:00", "2026-02-13T17:00"],
      },
      { start: "2026-12-24T00:00", end: "2026-12-25T00:00" },
      { timeZone: "UTC", start: "2026-03-01T22:00", end: "2026-03-01T23:30" },
    ]);
    expect(new Set(freezes.map(({ id }) => id)).size).toBe(4);
    expect(read("UID:d\nDTSTART:20260301T220000Z\nDURATION:PT1H").freezes[0]?.id).toBe(freezes[3]?.id);
  });

  it("says what it leaves out, and why", () => {
    const { freezes, left } = read(
      `SUMMARY:Strange zone
       DTSTART;TZID=W. Europe Standard Time:20260102T170000
       DTEND;TZID=W. Europe Standard Time:20260102T180000`,
      `SUMMARY:Two zones
       DTSTART;TZID=Europe/Berlin:20260102T170000
       DTEND;TZID=Asia/Tokyo:20260105T170000`,
      `SUMMARY:Moved
       RECURRENCE-ID:20260102T170000Z
       DTSTART:20260102T170000Z
       DTEND:20260102T180000Z`,
      `SUMMARY:No length
       DTSTART:20260102T170000Z`,
      "SUMMARY:No start",
    );
    expect(freezes).toEqual([]);
    expect(left.map(({ what, why }) => `${what}: ${why}`)).toEqual([
      "Strange zone: its time zone W. Europe Standard Time is none of the IANA database",
      "Two zones: its start and its end are in different time zones",
      "Moved: one moved occurrence of a recurring event is not taken; except it and add it as an event",
      "No length: end: it lies before the start",
      "No start: it has no DTSTART",
    ]);
  });

  it("is refused where it is none", () => {
    expect(() => readCalendar("hello", { timeZone: "UTC", more: {} })).toThrow();
  });
});
