/** A freeze: windows of a calendar in which releases of a scope are held. */
import { z } from "zod";
import { parseDuration } from "../flow/duration.ts";
import { slug } from "../scope.ts";
import { problemOfRule } from "./recurrence.ts";
import { isTimeZone, parseLocal } from "./wall-clock.ts";

const local = z.string().refine((text) => parseLocal(text) !== undefined, {
  message:
    "expected a local date and time such as 2026-12-24T18:00, without an offset: `timeZone` says whose",
});

/** Shown on terminals and in messages as it is. */
const line = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, "expected one line of plain text");

/** Who may be let override a freeze, with the claim `override.freeze` (2-contracts §5). */
export const overridingRoles = ["StudioApprover", "StudioAdmin"] as const;
export type OverridingRole = (typeof overridingRoles)[number];

export const freezeSchema = z
  .object({
    id: slug,
    reason: line,
    timeZone: z
      .string()
      .max(64)
      .refine(isTimeZone, "expected a time zone of the IANA database such as Europe/Berlin")
      .default("UTC"),
    start: local,
    /** Without `end` and `duration` it holds until it is lifted or taken out of the file. */
    end: local.optional(),
    /** Days and weeks of the calendar, or exact hours, minutes and seconds. */
    duration: z
      .string()
      .regex(/^[1-9]\d{0,5}(s|m|h|d)$/, "expected a duration such as 90m, 12h or 3d")
      .optional(),
    /** RFC 5545, as in `FREQ=WEEKLY;BYDAY=FR`. */
    rrule: z.string().max(500).optional(),
    /** Starts that do not count. */
    exdate: z.array(local).max(1_000).optional(),
    /** Starts beside those of the rule. */
    rdate: z.array(local).max(1_000).optional(),
    /** Absent: all of them. */
    environments: z.array(slug).min(1).optional(),
    modules: z.array(slug).min(1).optional(),
    editions: z.array(slug).min(1).optional(),
    /** Empty: nobody, for no release. */
    mayOverride: z.array(z.enum(overridingRoles)).default([...overridingRoles]),
  })
  .strict()
  .superRefine((freeze, { addIssue }) => {
    const wrong = (path: string, message: string) => addIssue({ code: "custom", path: [path], message });
    const start = parseLocal(freeze.start);
    if (start === undefined || !isTimeZone(freeze.timeZone)) return;
    if (freeze.end !== undefined && freeze.duration !== undefined)
      wrong("duration", "`end` and `duration` exclude each other");
    if (freeze.end !== undefined && freeze.end <= freeze.start) wrong("end", "it lies before the start");
    const recurs = freeze.rrule !== undefined || (freeze.rdate ?? []).length > 0;
    if (recurs && freeze.end === undefined && freeze.duration === undefined)
      wrong("rrule", "what recurs needs an `end` or a `duration`");
    if (freeze.duration !== undefined && (parseDuration(freeze.duration) ?? 0) > longestMs)
      wrong("duration", "expected at most ten years");
    if (freeze.rrule === undefined) return;
    const { rrule, timeZone } = freeze;
    const problem = problemOfRule({ rrule, start, timeZone });
    if (problem !== undefined) wrong("rrule", problem);
  });
export type Freeze = z.output<typeof freezeSchema>;

const longestMs = 3_653 * 24 * 60 * 60 * 1_000;

/** The part of tenant.yaml. */
export const freezesSchema = z.array(freezeSchema).max(200).default([]);

export interface FreezeScope {
  environment: string;
  moduleId: string;
  editionId?: string | undefined;
}

export function concerns(freeze: Freeze, { environment, moduleId, editionId }: FreezeScope): boolean {
  if (freeze.environments?.includes(environment) === false) return false;
  if (freeze.modules?.includes(moduleId) === false) return false;
  return freeze.editions === undefined || (editionId !== undefined && freeze.editions.includes(editionId));
}
