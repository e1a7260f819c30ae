/**
 * A person takes a delivery over from its sponsor, who may have left: from here on it runs on their authority, and
 * neither of the two approves it. A step that the sponsor could not carry any more is tried again.
 */
import { z } from "zod";
import { eventName } from "../../domain/event/event.ts";
import { refuse } from "../../domain/refusal.ts";
import { subjectSchema } from "../../domain/scope.ts";
import { findDelivery } from "../find-delivery.ts";
import { type Restart, retryDelivery } from "../retry-delivery.ts";
import { type Caller, type System, sourceOf } from "../system.ts";
import { sponsorOf } from "./sponsor-of.ts";

export const takeOverInput = subjectSchema.extend({ reason: z.string().trim().min(1).max(2_000) });

export interface TakenOver {
  from: string;
  to: string;
  /** What was tried again; absent: nothing had stopped for want of a sponsor. */
  restart?: Restart;
}

export async function takeOver(
  system: System,
  caller: Caller,
  { reason, ...subject }: z.output<typeof takeOverInput>,
): Promise<TakenOver> {
  const record = await findDelivery(system, caller, subject);
  const from = record.handOver?.sponsor ?? "";
  const to = await sponsorOf(system, caller);
  if (from === to)
    throw refuse("Conflict", `${subject.traceId} is ${to}'s already.`, "See it: connectsoft status");
  const data = { from, to, by: caller.person, reason };
  await system.engine.append(subject, [{ name: "SponsorChanged", source: sourceOf(caller), data }]);
  if (!(await stoppedForIt(system, subject))) return { from, to };
  const restart = await retryDelivery(system, caller, { ...subject, reason: `taken over: ${reason}` });
  return { from, to, restart };
}

async function stoppedForIt({ store }: System, subject: z.output<typeof subjectSchema>): Promise<boolean> {
  const events = await store.events(subject, { names: ["AgentFailed", "AgentInvoked"] });
  const last = events.findLast((event) => event.data.late !== true);
  return last !== undefined && eventName(last) === "AgentFailed" && last.data.code === "SponsorMissing";
}
