/** Ends a delivery: nothing of it runs any further. What serves goes on serving. */
import { z } from "zod";
import { isOver } from "../domain/delivery/delivery-state.ts";
import { subjectSchema } from "../domain/scope.ts";
import { findDelivery } from "./find-delivery.ts";
import { type Caller, type System, sourceOf } from "./system.ts";

export const cancelDeliveryInput = subjectSchema.extend({ reason: z.string().max(2_000).default("") });

/** Cancelling what is over changes nothing. */
export async function cancelDelivery(
  system: System,
  caller: Caller,
  input: z.output<typeof cancelDeliveryInput>,
): Promise<{ phase: string; recorded: boolean }> {
  const { reason, ...subject } = input;
  const record = await findDelivery(system, caller, subject);
  if (isOver(record.state.phase)) return { phase: record.state.phase, recorded: false };
  const data = { by: caller.person, ...(reason !== "" && { reason }) };
  const decision = await system.engine.append(subject, [
    { name: "DeliveryCancelled", source: sourceOf(caller), data },
  ]);
  return { phase: decision.record.state.phase, recorded: true };
}
