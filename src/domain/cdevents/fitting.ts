/** Which type of CDEvents says the same as an event of ours, and what its subject is. What says nothing of that kind has none. */
import { type DeliveryEvent, eventName } from "../event/event.ts";
import type { EventName } from "../event/event-catalogue.ts";
import type { JsonObject } from "../json.ts";
import type { CdEventType } from "./cd-event.ts";

export interface Fit {
  type: CdEventType;
  subject: { id: string; content: JsonObject };
}

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

/** Fields that are absent are left out; an id or a field that is empty is no fit. */
function fit(type: CdEventType, id: string | undefined, content: Record<string, unknown>): Fit | undefined {
  const said = Object.entries(content).filter(([, value]) => value !== undefined);
  if (id === undefined || id === "" || said.some(([, value]) => value === "")) return undefined;
  return { type, subject: { id, content: Object.fromEntries(said) as JsonObject } };
}

/** A delivery is one run, and each environment of it another. */
function runOf(event: DeliveryEvent, instance = "delivery"): string {
  return instance === "delivery" ? event.subject : `${event.subject}/${instance}`;
}

function run(event: DeliveryEvent, type: CdEventType, content: JsonObject): Fit {
  return { type, subject: { id: runOf(event), content } };
}

function finished(event: DeliveryEvent, uri: string, outcome: string): Fit {
  return run(event, "pipelinerun.finished", { pipelineName: "delivery", uri, outcome });
}

function task(event: DeliveryEvent, type: CdEventType, content: JsonObject): Fit | undefined {
  const id = textOf(event.data.invocationId) ?? event.invocationid;
  const taskName = textOf(event.data.skillId) ?? event.skillid;
  const pipelineRun = { id: runOf(event, textOf(event.data.instance) ?? event.environment) };
  return fit(type, id, { ...content, pipelineRun, taskName });
}

function change(
  event: DeliveryEvent,
  type: CdEventType,
  { number, ...content }: { number: unknown; description?: string | undefined },
): Fit | undefined {
  const repository = { id: `${event.tenantid}/${event.moduleid}` };
  const id = typeof number === "number" ? `${repository.id}/${number}` : undefined;
  return fit(type, id, { ...content, repository });
}

function tests(event: DeliveryEvent, outcome: string): Fit | undefined {
  const testSuite = { id: textOf(event.data.producer) ?? "tests" };
  return fit("testsuiterun.finished", reportOf(event), { environment: testedIn(event), outcome, testSuite });
}

/** What speaks of no findings is no scan, and neither is one that looked for secrets alone, and found none. */
function scan(event: DeliveryEvent): Fit | undefined {
  const { findings, vulnerabilities, producer } = event.data;
  if (typeof findings !== "object" || findings === null) return undefined;
  const found = Object.entries(findings).flatMap(([severity, count]) =>
    Number(count) > 0 ? [severity] : [],
  );
  if (found.length === 0 && vulnerabilities === "NotScanned") return undefined;
  return fit("testcaserun.finished", reportOf(event), {
    environment: testedIn(event),
    outcome: found.length === 0 ? "success" : "failure",
    severity: ["critical", "high", "medium", "low"].find((one) => found.includes(one)),
    testCase: { id: textOf(producer) ?? "scan", type: "security" },
  });
}

function reportOf(event: DeliveryEvent): string {
  return `${runOf(event)}/${textOf(event.data.reportDigest) ?? event.sequence}`;
}

/** What is tested before it runs anywhere is tested in the build. */
function testedIn({ environment }: DeliveryEvent): { id: string } {
  return { id: environment ?? "build" };
}

function service(event: DeliveryEvent, type: CdEventType, version: string | undefined): Fit | undefined {
  const environment = environmentOf(event);
  if (environment === undefined || version === undefined) return undefined;
  const artifactId = `pkg:generic/${event.tenantid}/${event.moduleid}@${encodeURIComponent(version)}`;
  return fit(type, serviceOf(event), { environment, artifactId });
}

function removed(event: DeliveryEvent): Fit | undefined {
  const environment = environmentOf(event);
  return environment && fit("service.removed", serviceOf(event), { environment });
}

function incident(event: DeliveryEvent, type: CdEventType): Fit | undefined {
  const environment = environmentOf(event);
  const release = event.releaseid ?? textOf(event.data.releaseId);
  if (environment === undefined || release === undefined) return undefined;
  const kind = incidents[eventName(event)] ?? "regression";
  const description = `${kind} of ${release}`;
  return fit(type, `${release}/${kind}`, { environment, service: { id: serviceOf(event) }, description });
}

const incidents: Partial<Record<EventName, string>> = {
  ...{ DriftDetected: "drift", DriftCorrected: "drift", VulnerabilityFound: "vulnerability" },
};

function decided(
  event: DeliveryEvent,
  type: CdEventType,
  content: { uri: string; decision: string; status?: string },
): Fit | undefined {
  const by = textOf(event.data.by) ?? event.agentid ?? "release-manager";
  return approval(event, type, { ...content, responder: personOf(by) });
}

function approval(
  event: DeliveryEvent,
  type: CdEventType,
  { uri, ...content }: { uri: string; [field: string]: string },
): Fit | undefined {
  const release = event.releaseid ?? textOf(event.data.releaseId);
  const urls = { approvalDetailsUrl: uri, resourceTargetUrl: uri };
  return release === undefined
    ? undefined
    : fit(type, `${event.tenantid}/${release}`, { ...urls, ...content });
}

function builtArtifact({ tenantid, moduleid, data }: DeliveryEvent): string {
  const digest = textOf(data.artifact) ?? textOf(data.tree) ?? "";
  return `pkg:generic/${tenantid}/${moduleid}@${encodeURIComponent(digest)}`;
}

function serviceOf({ tenantid, moduleid }: DeliveryEvent): string {
  return `${tenantid}/${moduleid}`;
}

function environmentOf(event: DeliveryEvent): { id: string } | undefined {
  const id = event.environment ?? textOf(event.data.environment);
  return id === undefined ? undefined : { id };
}

function personOf(id: string): string {
  return `urn:connectsoft:identity:${encodeURIComponent(id)}`;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
