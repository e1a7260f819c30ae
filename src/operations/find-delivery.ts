/** Finds deliveries for a caller, with the flows that they run on at hand. */
import type { DeliveryRecord, FlowInstance } from "../domain/delivery/delivery-state.ts";
import { refuse } from "../domain/refusal.ts";
import { type Subject, subjectKey } from "../domain/scope.ts";
import { permitTenant } from "./permit.ts";
import type { Caller, System } from "./system.ts";

/** The most deliveries that are looked through for a version, newest first. */
const lookThrough = 1_000;

/** Refuses with NotFound, or with TenantForbidden for a foreign tenant. */
export async function findDelivery(
  system: System,
  caller: Caller,
  subject: Subject,
): Promise<DeliveryRecord> {
  await permitTenant(system, caller, subject.tenantId);
  const record = await system.store.load(subject);
  if (record === undefined)
    throw refuse(
      "NotFound",
      `There is no delivery ${subjectKey(subject)}.`,
      "See what there is: connectsoft status",
    );
  await fetchFlows(system, record);
  return record;
}

/** Makes every flow version of the delivery available from `engine.flows.get`. */
export async function fetchFlows(system: System, record: DeliveryRecord): Promise<void> {
  const digests = Object.values(record.state.instances).map(({ flow }) => flow.digest);
  await Promise.all([...new Set(digests)].map((digest) => system.engine.flows.fetch(digest)));
}

export interface FoundRelease {
  record: DeliveryRecord;
  instance: FlowInstance & { environment: string; releaseId: string };
}

/** The delivery whose environment is at this release now; refuses with NotFound. */
export async function findRelease(system: System, caller: Caller, releaseId: string): Promise<FoundRelease> {
  const subject = await system.store.findByRelease(caller.tenantId, releaseId);
  const record = subject === undefined ? undefined : await system.store.load(subject);
  for (const instance of Object.values(record?.state.instances ?? {})) {
    const { environment } = instance;
    if (record === undefined || environment === undefined || instance.releaseId !== releaseId) continue;
    await fetchFlows(system, record);
    return { record, instance: { ...instance, environment, releaseId } };
  }
  throw refuse(
    "NotFound",
    `There is no release ${releaseId} in ${caller.tenantId}, or a newer one took its place.`,
    "See what waits: studio pending; what is there: connectsoft status",
  );
}

/** The newest delivery of a version, of one module where it is named; refuses with NotFound or, where modules differ, InputInvalid. */
export async function findVersion(
  system: System,
  caller: Caller,
  query: { version: string; moduleId?: string },
): Promise<DeliveryRecord> {
  const { tenantId } = caller;
  const summaries = await system.store.list({
    tenantId,
    limit: lookThrough,
    ...(query.moduleId !== undefined && { moduleId: query.moduleId }),
  });
  const found: DeliveryRecord[] = [];
  for (const { subject } of summaries) {
    const record = await system.store.load(subject);
    if (record?.handOver?.module.version === query.version) found.push(record);
  }
  const modules = [...new Set(found.map(({ subject }) => subject.moduleId))];
  if (modules.length > 1)
    throw refuse(
      "InputInvalid",
      `${modules.join(" and ")} both have a version ${query.version}.`,
      "Name one: --module <module>",
    );
  const newest = found[0];
  if (newest === undefined)
    throw refuse(
      "NotFound",
      `No delivery${query.moduleId === undefined ? "" : ` of ${query.moduleId}`} has the version ${query.version}.`,
      "See what there is: connectsoft status",
    );
  await fetchFlows(system, newest);
  return newest;
}
