/** Asks for a version that was delivered before to be released again in one environment. */
import { z } from "zod";
import type { DeliveryRecord } from "../domain/delivery/delivery-state.ts";
import { refuse } from "../domain/refusal.ts";
import { slug } from "../domain/scope.ts";
import { findVersion } from "./find-delivery.ts";
import { type Sent, sendEvent } from "./send-event.ts";
import type { Caller, System } from "./system.ts";

export const redeployInput = z.object({
  version: z.string().min(1).max(100),
  moduleId: slug.optional(),
  environment: slug.optional(),
  reason: z.string().max(2_000).optional(),
});

export async function redeploy(
  system: System,
  caller: Caller,
  input: z.output<typeof redeployInput>,
): Promise<Sent> {
  const { version, moduleId, environment, reason } = input;
  const record = await findVersion(system, caller, { version, ...(moduleId !== undefined && { moduleId }) });
  if ((reason ?? "").trim() === "") await requireUnheld(system, record, { version, environment });
  return sendEvent(system, caller, {
    ...record.subject,
    name: "DeployRequested",
    data: { version },
    ...(environment !== undefined && { environment }),
    ...(reason !== undefined && { reason }),
  });
}

/** A version that was taken out of a place comes back there for a reason that somebody gives. */
async function requireUnheld(
  system: System,
  { subject, handOver }: DeliveryRecord,
  { version, environment }: { version: string; environment: string | undefined },
): Promise<void> {
  const { tenantId, moduleId } = subject;
  const places = environment === undefined ? (handOver?.environments ?? []) : [environment];
  for (const place of places) {
    const hold = await system.ledger.isHeld({ tenantId, environment: place, moduleId }, version);
    const serves = await system.ledger.current({ tenantId, environment: place, moduleId });
    if (hold === undefined || serves?.version === version) continue;
    throw refuse(
      "JustificationMissing",
      `${moduleId} ${version} was rolled back in ${place} at ${hold.at} (${hold.reason}) and is held there.`,
      `If it shall serve all the same, say why: connectsoft redeploy ${version} --env ${place} --reason "..."`,
    );
  }
}
