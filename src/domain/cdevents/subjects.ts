/** What a CDEvent is about, and what it says of it: runs, changes, tests, services, incidents and approvals of ours. */
import { type DeliveryEvent, eventName } from "../event/event.ts";
import type { EventName } from "../event/event-catalogue.ts";
import type { JsonObject } from "../json.ts";
import type { CdEventType } from "./cd-event.ts";

export interface Fit {
  type: CdEventType;
  subject: { id: string; content: JsonObject };
}

/** Fields that are absent are left out; an id or a field that is empty is no fit. */
export function fit(
  type: CdEventType,
  id: string | undefined,
  content: Record<string, unknown>,
): Fit | undefined {
  const said = Object.entries(content).filter(([, value]) => value !== undefined);
  if (id === undefined || id === "" || said.some(([, value]) => value === "")) return undefined;
  return { type, subject: { id, content: Object.fromEntries(said) as JsonObject } };
}

/** A delivery is one run, and each environment of it another. */
export function runOf(event: DeliveryEvent, instance = "delivery"): string {
  return instance === "delivery" ? event.subject : `${event.subject}/${instance}`;
}

export function run(event: DeliveryEvent, type: CdEventType, content: JsonObject): Fit {
  return { type, subject: { id: runOf(event), content } };
}

export function finished(event: DeliveryEvent, uri: string, outcome: string): Fit {
  return run(event, "pipelinerun.finished", { pipelineName: "delivery", uri, outcome });
}

export function task(event: DeliveryEvent, type: CdEventType, content: JsonObject): Fit | undefined {
  const id = textOf(event.data.invocationId) ?? event.invocationid;
  const taskName = textOf(event.data.skillId) ?? event.skillid;
  const pipelineRun = { id: runOf(event, textOf(event.data.instance) ?? event.environment) };
  return fit(type, id, { ...content, pipelineRun, taskName });
}

export function change(
  event: DeliveryEvent,
  type: CdEventType,
  { number, ...content }: { number: unknown; description?: string | undefined },
): Fit | undefined {
  const repository = { id: `${event.tenantid}/${event.moduleid}` };
  const id = typeof number === "number" ? `${repository.id}/${number}` : undefined;
  return fit(type, id, { ...content, repository });
}

export function tests(event: DeliveryEvent, outcome: string): Fit | undefined {
  const testSuite = { id: textOf(event.data.producer) ?? "tests" };
  return fit("testsuiterun.finished", reportOf(event), { environment: testedIn(event), outcome, testSuite });
}

/** What speaks of no findings is no scan, and neither is one that looked for secrets alone, and found none. */
export function scan(event: DeliveryEvent): Fit | undefined {
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

export function service(
  event: DeliveryEvent,
  type: CdEventType,
  version: string | undefined,
): Fit | undefined {
  const environment = environmentOf(event);
  if (environment === undefined || version === undefined) return undefined;
  const artifactId = `pkg:generic/${event.tenantid}/${event.moduleid}@${encodeURIComponent(version)}`;
  return fit(type, serviceOf(event), { environment, artifactId });
}

export function removed(event: DeliveryEvent): Fit | undefined {
  const environment = environmentOf(event);
  return environment && fit("service.removed", serviceOf(event), { environment });
}

export function incident(event: DeliveryEvent, type: CdEventType): Fit | undefined {
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

export function decided(
  event: DeliveryEvent,
  type: CdEventType,
  content: { uri: string; decision: string; status?: string },
): Fit | undefined {
  const by = textOf(event.data.by) ?? event.agentid ?? "release-manager";
  return approval(event, type, { ...content, responder: personOf(by) });
}

export function approval(
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

export function builtArtifact({ tenantid, moduleid, data }: DeliveryEvent): string {
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

export function personOf(id: string): string {
  return `urn:connectsoft:identity:${encodeURIComponent(id)}`;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
