/** Whether a change is a person's own: they answer or answered for it, or wrote commits of it. */
import type { Resource } from "../domain/access/access-question.ts";
import type { DeliveryRecord } from "../domain/delivery/delivery-state.ts";
import { type DeliveryEvent, eventName } from "../domain/event/event.ts";
import { authorsOf, sponsorsOf } from "../domain/release/authors.ts";
import { peopledTenant } from "./accounts/peopled-tenant.ts";
import type { System } from "./system.ts";

/** `chain`: the whole of it, where it is at hand. */
export async function isOwnChange(
  system: System,
  { subject, handOver }: DeliveryRecord,
  { person, chain }: { person: string; chain?: readonly DeliveryEvent[] },
): Promise<boolean> {
  if (sponsorsOf(handOver).includes(person)) return true;
  const told = chain ?? (await system.store.events(subject, { names: ["PullRequestMerged"] }));
  const merged = told.findLast((event) => eventName(event) === "PullRequestMerged");
  if (merged === undefined) return false;
  return authorsOf(await peopledTenant(system, subject.tenantId), merged.data).includes(person);
}

/** Of the delivery that a resource names or is of; false where it names none. */
export async function isOwnDelivery(
  system: System,
  { tenantId, traceId, moduleId }: Resource,
  person: string,
): Promise<boolean> {
  if (traceId === undefined || moduleId === undefined) return false;
  const record = await system.store.load({ tenantId, traceId, moduleId });
  return record !== undefined && (await isOwnChange(system, record, { person }));
}
