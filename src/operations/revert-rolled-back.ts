/**
 * Has git follow a rollback where policy or a person asked for it: the change goes back by a pull request and a
 * delivery of its own. Called again and again by each process that works; where one stopped, the next goes on.
 */
import type { DeliveryRecord, FlowInstance } from "../domain/delivery/delivery-state.ts";
import { type DeliveryEvent, eventName } from "../domain/event/event.ts";
import { RefusalError } from "../domain/refusal.ts";
import { subjectKey } from "../domain/scope.ts";
import { fetchFlows } from "./find-delivery.ts";
import { revertDelivery } from "./revert-release.ts";
import type { Caller, System } from "./system.ts";

/** What was looked at, by delivery, up to which event: only what moved on is looked at again. */
export type Seen = Map<string, number>;

/** Newest deliveries of a tenant that are looked through. */
const atATime = 200;

export async function revertRolledBack(system: System, seen: Seen): Promise<void> {
  for (const { id: tenantId } of await system.tenants.list()) {
    const rolledBack = await system.store.list({ tenantId, state: "rolled_back", limit: atATime });
    for (const { subject, sequence } of rolledBack) {
      if (seen.get(subjectKey(subject)) === sequence) continue;
      const record = await system.store.load(subject);
      // Its repository is on its host.
      if (record?.handOver?.host === system.host) await revertWhatWasAsked(system, record);
      seen.set(subjectKey(subject), sequence);
    }
  }
}

async function revertWhatWasAsked(system: System, record: DeliveryRecord): Promise<void> {
  // A revert that fails is not taken back in turn: that would bring the bad version again.
  if (record.handOver?.reverts !== undefined) return;
  await fetchFlows(system, record);
  const names = ["RollbackCompleted", "RevertBegun", "EscalationRaised"] as const;
  const events = await system.store.events(record.subject, { names: [...names] });
  const stays = Object.values(record.state.instances).filter((instance) => isRolledBack(system, instance));
  const asked = events.find(
    (event) =>
      eventName(event) === "RollbackCompleted" &&
      event.data.revert === true &&
      event.data.restored !== null &&
      stays.some(({ releaseId }) => releaseId === event.data.releaseId),
  );
  if (asked === undefined || events.some(({ id }) => id === statementId(record))) return;
  await revert(system, record, asked);
}

/** A change goes back once, in however many environments it was rolled back. */
function statementId({ subject }: DeliveryRecord): string {
  return `revert-of-${subject.traceId}`;
}

function isRolledBack(system: System, { flow, snapshot }: FlowInstance): boolean {
  return system.engine.flows.get(flow.digest).active(snapshot).includes("rolled_back");
}

/** Begun and then noted: a kill in between begins nothing twice, as the trace is named after what it takes back. */
async function revert(system: System, record: DeliveryRecord, asked: DeliveryEvent): Promise<void> {
  const { subject, handOver } = record;
  const { releaseId, version, by } = asked.data;
  const byPerson = typeof by === "string" && by !== "release-policy";
  const person = byPerson ? by : (handOver?.sponsor ?? "");
  const caller: Caller = { tenantId: subject.tenantId, person, roles: ["Developer"], method: "api" };
  const traceId = `revert-${subject.traceId}`.slice(0, 80);
  const environment = asked.environment === undefined ? {} : { environment: asked.environment };
  const draft = { id: statementId(record), source: "/engine", ...environment };
  const good = await system.store.findByRelease(subject.tenantId, String(asked.data.restoredRelease));
  const to = good === undefined ? undefined : await system.store.load(good);
  try {
    if ((await system.store.load({ ...subject, traceId })) === undefined)
      await revertDelivery(system, caller, {
        record,
        traceId,
        ...(to !== undefined && { to }),
        ...(byPerson && { authority: "rollback" }),
      });
    const data = { releaseId: String(releaseId), byTrace: traceId };
    await system.engine.append(subject, [{ ...draft, name: "RevertBegun", data }]);
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    const { code, message, next = "" } = error.refusal;
    const what = `${subject.moduleId} ${String(version)} (${String(releaseId)}) was rolled back, and its change could not be taken back in git: ${message}`;
    const data = { what, who: ["Developer"], next, reasons: [{ code, message }] };
    await system.engine.append(subject, [{ ...draft, name: "EscalationRaised", data }]);
  }
}
