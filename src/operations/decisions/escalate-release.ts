/** A person does not want to wait until policy does: the release that nobody decides on goes to the next role now. */
import { z } from "zod";
import { listOfSeats } from "../../domain/release/approval-policy.ts";
import { releaseNumber, type Subject } from "../../domain/scope.ts";
import type { Role } from "../../domain/tenant/tenant.ts";
import { alternatives } from "../../domain/time-text.ts";
import { findOpen } from "../decide-release.ts";
import { type Caller, type System, sourceOf } from "../system.ts";

export const escalateReleaseInput = z.object({
  releaseId: releaseNumber,
  reason: z.string().trim().min(1, "say why it cannot wait").max(2_000),
});

export interface Escalated {
  subject: Subject;
  releaseId: string;
  to: Role[];
}

/** Past the last step of the policy, and where it has none. */
const lastResort: Role[] = ["StudioAdmin"];

export async function escalateRelease(
  system: System,
  caller: Caller,
  { releaseId, reason }: z.output<typeof escalateReleaseInput>,
): Promise<Escalated> {
  const { place, electorate, quorum, escalations, request } = await findOpen(system, caller, releaseId);
  const { subject, environment } = place;
  const taken = escalations.flatMap(({ step }) => step ?? []);
  const steps = electorate.policy.escalation ?? [];
  const index = steps.findIndex((_step, at) => !taken.includes(at + 1));
  const to = steps[index]?.to ?? lastResort;
  const open = listOfSeats(quorum.open);
  const data = {
    ...{ releaseId, version: String(request.data.version), environment, by: caller.person, reason },
    what: `${caller.person} asks for a decision on ${releaseId} for ${environment}, which waits for ${open}`,
    who: [...to],
    next: `${alternatives(to)}: see that somebody decides: studio pending`,
    reasons: [{ code: "QuorumNotMet", message: reason }],
    // The step is taken: it is not raised once more when its time comes.
    ...(index >= 0 && { step: index + 1 }),
    waits: true,
  };
  await system.engine.append(subject, [
    { name: "EscalationRaised", source: sourceOf(caller), environment, releaseId, data },
  ]);
  return { subject, releaseId, to: [...to] };
}
