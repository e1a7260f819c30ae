/** Puts the next attempt of a release off until a time: it waits there, and goes on by itself. */
import { z } from "zod";
import { parseDuration } from "../domain/flow/duration.ts";
import { refuse } from "../domain/refusal.ts";
import { releaseNumber, type Subject } from "../domain/scope.ts";
import { requireAccepted } from "./act-on-release.ts";
import { findRelease } from "./find-delivery.ts";
import { type Caller, type System, sourceOf } from "./system.ts";

export const delayReleaseInput = z
  .object({
    releaseId: releaseNumber,
    until: z.iso.datetime({ offset: true }).optional(),
    for: z
      .string()
      .regex(/^\d+(s|m|h|d)$/, "expected a duration such as 30m or 2h")
      .optional(),
    comment: z.string().trim().min(1, "say why, for those who read the record").max(2_000),
  })
  .refine((input) => (input.until === undefined) !== (input.for === undefined), {
    path: ["until"],
    message: "expected exactly one of until and for",
  });

export interface DelayedRelease {
  subject: Subject;
  environment: string;
  releaseId: string;
  /** ISO 8601. */
  until: string;
}

const longestMs = 365 * 24 * 60 * 60 * 1_000;

export async function delayRelease(
  system: System,
  caller: Caller,
  input: z.output<typeof delayReleaseInput>,
): Promise<DelayedRelease> {
  const { releaseId, comment } = input;
  const found = await findRelease(system, caller, releaseId);
  requireAccepted(system, found, "RetryDelayed", "put off");
  const now = system.clock.now().getTime();
  const waitMs =
    input.for === undefined ? Date.parse(input.until ?? "") - now : (parseDuration(input.for) ?? 0);
  if (waitMs <= 0 || waitMs > longestMs)
    throw refuse(
      "InputInvalid",
      `until: expected a time within a year from now, found ${input.until ?? input.for}.`,
      `Such as: studio delay-release ${releaseId} --for 30m --comment "..."`,
    );
  const until = new Date(now + waitMs).toISOString();
  const { environment } = found.instance;
  const data = { by: caller.person, reason: comment, releaseId, until };
  await system.engine.append(found.record.subject, [
    { name: "RetryDelayed", source: sourceOf(caller), environment, releaseId, data },
  ]);
  return { subject: found.record.subject, environment, releaseId, until };
}
