/** A person says something about a release. It is recorded where its decisions are, and decides nothing. */
import { z } from "zod";
import { releaseNumber, type Subject } from "../../domain/scope.ts";
import { findRelease } from "../find-delivery.ts";
import { type Caller, type System, sourceOf } from "../system.ts";

export const commentReleaseInput = z.object({
  releaseId: releaseNumber,
  comment: z.string().trim().min(1, "say something").max(2_000),
});

export async function commentRelease(
  system: System,
  caller: Caller,
  { releaseId, comment }: z.output<typeof commentReleaseInput>,
): Promise<{ subject: Subject; releaseId: string }> {
  const { record, instance } = await findRelease(system, caller, releaseId);
  const { environment } = instance;
  const data = { releaseId, by: caller.person, comment };
  await system.engine.append(record.subject, [
    { name: "ReleaseCommented", source: sourceOf(caller), environment, releaseId, data },
  ]);
  return { subject: record.subject, releaseId };
}
