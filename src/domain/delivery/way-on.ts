/** The command that states an event for a person: how a delivery that waits for one is moved. */
import type { EventName } from "../event/event-catalogue.ts";

export interface WayOn {
  event: EventName;
  command: string;
  /** Where it is not for the reader to go. */
  closed?: Closed;
}

export interface Closed {
  /** One sentence. */
  why: string;
  /** What would open it, or who may. */
  next?: string;
}

export interface Where {
  traceId: string;
  environment?: string;
  releaseId?: string;
}

type Phrase = (where: Where) => string;

const on = (command: string): Phrase => {
  return ({ traceId, environment }) =>
    `connectsoft ${command} ${traceId}${environment === undefined ? "" : ` --env ${environment}`}`;
};

/** In the order in which they are offered: what resolves more comes first. */
const phrases: Partial<Record<EventName, Phrase>> = {
  ApprovalGranted: ({ releaseId }) => `studio approve-release ${releaseId} --comment "..."`,
  ApprovalRefused: ({ releaseId }) => `studio reject-release ${releaseId} --comment "..."`,
  StudioCommitRequest: on("commit"),
  StudioPRAction: on("pr"),
  ProvisionRequested: on("provision"),
  RebuildPipelineRequested: on("rebuild"),
  DeployRequested: on("deploy"),
  RetryDelayed: ({ releaseId, traceId, environment }) =>
    releaseId === undefined
      ? `connectsoft event ${traceId} RetryDelayed${environment === undefined ? "" : ` --env ${environment}`} --reason "..."`
      : `studio delay-release ${releaseId} --for 30m --comment "..."`,
  HotfixApproved: ({ releaseId, traceId, environment }) =>
    releaseId === undefined
      ? `connectsoft event ${traceId} HotfixApproved${environment === undefined ? "" : ` --env ${environment}`} --reason "..."`
      : `studio approve-hotfix ${releaseId} --comment "..."`,
  RollbackRequested: ({ releaseId, traceId, environment }) =>
    releaseId === undefined
      ? `studio request-rollback --trace ${traceId} --env ${environment} --reason "..."`
      : `studio request-rollback ${releaseId} --reason "..."`,
};

/** Of the events that a flow would take now, those that a person can state, with how. */
export function waysOn(accepted: readonly EventName[], where: Where): WayOn[] {
  return (Object.keys(phrases) as EventName[])
    .filter((event) => accepted.includes(event))
    .filter((event) => !event.startsWith("Approval") || where.releaseId !== undefined)
    .map((event) => ({ event, command: phrases[event]?.(where) ?? "" }));
}
