/** Which type of CDEvents says the same as an event of ours. What says nothing of that kind has none. */
import { type DeliveryEvent, eventName } from "../event/event.ts";
import type { EventName } from "../event/event-catalogue.ts";
import {
  approval,
  builtArtifact,
  change,
  decided,
  type Fit,
  finished,
  fit,
  incident,
  listOf,
  personOf,
  removed,
  run,
  runOf,
  scan,
  service,
  task,
  tests,
  textOf,
} from "./subjects.ts";

/** `address`: where people see the delivery. Several: it happened to each of them. Undefined, none: by its data it says something else. */
type Fitting = (event: DeliveryEvent, address: string) => Fit | Fit[] | undefined;

const fittings: Partial<Record<EventName, Fitting>> = {
  ModuleReady: (event, uri) => run(event, "pipelinerun.queued", { pipelineName: "delivery", uri }),
  FlowStarted: (event, uri) => {
    const instance = textOf(event.data.instance) ?? "delivery";
    const content = { pipelineName: textOf(event.data.flow) ?? "delivery", uri };
    return { type: "pipelinerun.started", subject: { id: runOf(event, instance), content } };
  },
  ReleasePublished: (event, uri) => finished(event, uri, "success"),
  DeliveryCancelled: (event, uri) => finished(event, uri, "cancel"),
  DeliverySuperseded: (event, uri) => finished(event, uri, "cancel"),
  AgentInvoked: (event, uri) => task(event, "taskrun.started", { uri }),
  AgentCompleted: (event, uri) => task(event, "taskrun.finished", { uri, outcome: "success" }),
  AgentFailed: (event, uri) => task(event, "taskrun.finished", { uri, outcome: "failure" }),
  PullRequestCreated: (event) =>
    change(event, "change.created", { number: event.data.number, description: textOf(event.data.title) }),
  PullRequestMerged: (event) => change(event, "change.merged", { number: event.data.number }),
  StudioPRAction: (event) => {
    const { pullRequest: number, verdict, action } = event.data;
    if (verdict !== undefined) return change(event, "change.reviewed", { number });
    // Of a merge, the delivery itself says it once it has seen it.
    return action === "closed" ? change(event, "change.abandoned", { number }) : undefined;
  },
  ArtifactBuilt: (event) =>
    fit("artifact.packaged", builtArtifact(event), { change: { id: String(event.data.commit) } }),
  SignatureAdded: (event) =>
    fit("artifact.signed", builtArtifact(event), { signature: textOf(event.data.file) ?? "" }),
  TestsPassed: (event) => tests(event, "success"),
  TestsFailed: (event) => tests(event, "failure"),
  ScanCompleted: scan,
  InfraProvisioned: ({ data }) => {
    const created = listOf(data.created);
    const told = (name: string) =>
      fit(created.includes(name) ? "environment.created" : "environment.modified", name, { name });
    return listOf(data.environments).flatMap((name) => told(name) ?? []);
  },
  DeploymentCompleted: (event) => {
    const isFirst = event.data.replaced === null || event.data.replaced === undefined;
    return service(event, isFirst ? "service.deployed" : "service.upgraded", textOf(event.data.version));
  },
  RollbackCompleted: (event) => {
    const restored = textOf(event.data.restored);
    return restored === undefined ? removed(event) : service(event, "service.rolledback", restored);
  },
  EnvironmentDestroyed: removed,
  RegressionDetected: (event) => incident(event, "incident.detected"),
  VulnerabilityFound: (event) => incident(event, "incident.detected"),
  DriftDetected: (event) => incident(event, "incident.detected"),
  DriftCorrected: (event) => incident(event, "incident.resolved"),
};

const draftFittings: Partial<Record<EventName, Fitting>> = {
  ApprovalRequested: (event, uri) =>
    approval(event, "approval.created", { uri, requestor: personOf(event.agentid ?? "release-manager") }),
  ApprovalGranted: (event, uri) => decided(event, "approval.updated", { uri, decision: "approved" }),
  ApprovalRefused: (event, uri) => decided(event, "approval.updated", { uri, decision: "refused" }),
  ReleaseApproved: (event, uri) =>
    decided(event, "approval.closed", { uri, decision: "approved", status: "approved" }),
  ReleaseRejected: (event, uri) =>
    decided(event, "approval.closed", { uri, decision: "rejected", status: "rejected" }),
};

/** Names of the events that a type may fit. */
export function fittingNames({ drafts }: { drafts: boolean }): EventName[] {
  return Object.keys({ ...fittings, ...(drafts && draftFittings) }) as EventName[];
}

/** One of everything that it happened to. */
export function fitsOf(
  event: DeliveryEvent,
  { drafts, address }: { drafts: boolean; address: string },
): Fit[] {
  const name = eventName(event);
  const fitting = fittings[name] ?? (drafts ? draftFittings[name] : undefined);
  return [fitting?.(event, address) ?? []].flat();
}

/** Whether a type says the same, by its name and by its data. */
export function isFitting(event: DeliveryEvent, { drafts }: { drafts: boolean }): boolean {
  return fitsOf(event, { drafts, address: event.subject }).length > 0;
}
