/** Where a delivery is: its phase, each environment with state, release and address, and what it waits for. */
import type { DeliveryPhase, DeliveryRecord } from "../domain/delivery/delivery-state.ts";
import type { HandOver } from "../domain/delivery/hand-over.ts";
import type { Explanation } from "../domain/delivery/situation.ts";
import { type DeliveryEvent, eventName } from "../domain/event/event.ts";
import type { Subject } from "../domain/scope.ts";
import { findDelivery } from "./find-delivery.ts";
import { explainPossible } from "./possible-ways.ts";
import { readChain } from "./read-chain.ts";
import type { Caller, System } from "./system.ts";

export interface DeliveryStatus {
  subject: Subject;
  phase: DeliveryPhase;
  version: string | undefined;
  sponsor: string | undefined;
  host: string | undefined;
  /** The promotion path. */
  environments: string[];
  sequence: number;
  startedAt: string | undefined;
  /** Deliveries of the module that it takes the place of, and what was asked for where one was rejected. */
  supersedes?: NonNullable<HandOver["supersedes"]>;
  /** The trace that took its place. */
  supersededBy?: string;
  instances: InstanceStatus[];
  explanation: Explanation;
}

export interface InstanceStatus {
  instance: string;
  environment?: string;
  states: string[];
  since: string;
  releaseId?: string;
  /** What serves there, by the newest deployment of this delivery. */
  url?: string;
}

export async function getDelivery(system: System, caller: Caller, subject: Subject): Promise<DeliveryStatus> {
  const record = await findDelivery(system, caller, subject);
  const events = await readChain(system.store, record);
  const superseded = events.findLast((event) => eventName(event) === "DeliverySuperseded");
  const { supersedes } = record.handOver ?? {};
  return {
    subject: record.subject,
    phase: record.state.phase,
    version: record.handOver?.module.version,
    sponsor: record.handOver?.sponsor,
    host: record.handOver?.host,
    environments: record.handOver?.environments ?? [],
    sequence: record.head.sequence,
    startedAt: events[0]?.time,
    ...(supersedes !== undefined && { supersedes }),
    ...(superseded !== undefined && { supersededBy: String(superseded.data.byTrace) }),
    instances: instancesOf(system, record, events),
    explanation: await explainPossible(system, caller, { record, events }),
  };
}

/** Why it waits, on whom, since when, and what resolves it. */
export async function explainDelivery(
  system: System,
  caller: Caller,
  subject: Subject,
): Promise<Explanation> {
  const record = await findDelivery(system, caller, subject);
  return explainPossible(system, caller, { record, events: await readChain(system.store, record) });
}

function instancesOf(system: System, record: DeliveryRecord, events: DeliveryEvent[]): InstanceStatus[] {
  return Object.entries(record.state.instances).map(([name, instance]) => {
    const { environment, releaseId, since } = instance;
    const url = environment === undefined ? undefined : addressIn(environment, events);
    return {
      instance: name,
      states: system.engine.flows.get(instance.flow.digest).active(instance.snapshot),
      since,
      ...(environment !== undefined && { environment }),
      ...(releaseId !== undefined && { releaseId }),
      ...(url !== undefined && { url }),
    };
  });
}

function addressIn(environment: string, events: DeliveryEvent[]): string | undefined {
  const deployed = events.findLast(
    (event) => event.environment === environment && eventName(event) === "DeploymentCompleted",
  );
  return typeof deployed?.data.url === "string" ? deployed.data.url : undefined;
}
