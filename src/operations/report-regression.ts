/** A person has seen that a release is worse than the one before: it is taken back, or escalated, as policy says. */
import { z } from "zod";
import { releaseNumber, type Subject } from "../domain/scope.ts";
import { requireAccepted } from "./act-on-release.ts";
import { findRelease } from "./find-delivery.ts";
import { type Caller, type System, sourceOf } from "./system.ts";

export const reportRegressionInput = z.object({
  releaseId: releaseNumber,
  reason: z.string().trim().min(1, "say what got worse, for those who read the record").max(2_000),
});

export interface RegressionReported {
  subject: Subject;
  environment: string;
  releaseId: string;
}

export async function reportRegression(
  system: System,
  caller: Caller,
  { releaseId, reason }: z.output<typeof reportRegressionInput>,
): Promise<RegressionReported> {
  const found = await findRelease(system, caller, releaseId);
  requireAccepted(system, found, "RegressionDetected", "taken back for a regression");
  const { environment } = found.instance;
  const { subject } = found.record;
  const data = { by: caller.person, reason, releaseId };
  await system.engine.append(subject, [
    { name: "RegressionDetected", source: sourceOf(caller), environment, releaseId, data },
  ]);
  return { subject, environment, releaseId };
}
