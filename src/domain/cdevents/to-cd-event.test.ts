/** Which type says the same as an event of ours, and what of it it says. Its shape is held to the schemas of others in test/real. */
import { expect, test } from "vitest";
import { fittingEvent } from "../../../test/support/fitting-events.ts";
import type { EventName } from "../event/event-catalogue.ts";
import type { JsonObject } from "../json.ts";
import { fittingNames } from "./fitting.ts";
import { asCloudEvent, toCdEvents } from "./to-cd-event.ts";

const address = "https://delivery.example/api/v1/deliveries/acme/trace-2026-01-01-0001/booking";
const said = (name: EventName, more: JsonObject = {}, drafts = false) =>
  toCdEvents(fittingEvent(name, more), { drafts, address })[0];

const acted = (data: JsonObject) =>
  toCdEvents(
    { ...fittingEvent("StudioPRAction"), data: { by: "max", ...data } },
    { drafts: false, address },
  )[0];

test.each<[EventName, JsonObject, string, string]>([
  ["ArtifactBuilt", {}, "artifact.packaged.0.3.0", `pkg:generic/acme/booking@sha256%3A${"d".repeat(64)}`],
  ["PullRequestCreated", {}, "change.created.0.4.0", "acme/booking/3"],
  ["StudioPRAction", {}, "change.reviewed.0.3.0", "acme/booking/3"],
  ["StudioPRAction", { verdict: "changes-requested" }, "change.reviewed.0.3.0", "acme/booking/3"],
  [
    ...(["ScanCompleted", {}, "testcaserun.finished.0.3.0"] as const),
    `acme/trace-2026-01-01-0001/booking/sha256:${"d".repeat(64)}`,
  ],
  ["VulnerabilityFound", {}, "incident.detected.0.3.0", "release-000007/vulnerability"],
  ["DeploymentCompleted", {}, "service.deployed.0.3.0", "acme/booking"],
  [
    "DeploymentCompleted",
    { replaced: { releaseId: "release-000001" } },
    "service.upgraded.0.3.0",
    "acme/booking",
  ],
  ["RollbackCompleted", {}, "service.rolledback.0.3.0", "acme/booking"],
  ["RollbackCompleted", { restored: null }, "service.removed.0.3.0", "acme/booking"],
  ["InfraProvisioned", {}, "environment.modified.0.3.0", "production"],
  ["InfraProvisioned", { created: ["production"] }, "environment.created.0.3.0", "production"],
  ["DriftDetected", {}, "incident.detected.0.3.0", "release-000007/drift"],
  ["DriftCorrected", {}, "incident.resolved.0.3.0", "release-000007/drift"],
  [
    "FlowStarted",
    { instance: "delivery" },
    "pipelinerun.started.0.3.0",
    "acme/trace-2026-01-01-0001/booking",
  ],
  ["FlowStarted", {}, "pipelinerun.started.0.3.0", "acme/trace-2026-01-01-0001/booking/production"],
])("%s with %j is %s", (name, more, type, id) => {
  const event = said(name, more);
  expect([event?.context.type, event?.subject.id]).toEqual([`dev.cdevents.${type}`, id]);
});

test("what was provisioned for several environments is said of each, under an id of its own", () => {
  const event = fittingEvent("InfraProvisioned", {
    environments: ["staging", "production"],
    created: ["production"],
  });
  const told = toCdEvents(event, { drafts: false, address });
  expect(told.map(({ context, subject }) => [context.type, context.id, subject])).toEqual([
    [
      ...["dev.cdevents.environment.modified.0.3.0", `${event.subject}/1/staging`],
      { id: "staging", content: { name: "staging" } },
    ],
    [
      ...["dev.cdevents.environment.created.0.3.0", `${event.subject}/1/production`],
      { id: "production", content: { name: "production" } },
    ],
  ]);
});

test("what serves says where, and by which version", () => {
  expect(said("RollbackCompleted")?.subject.content).toEqual({
    ...{ environment: { id: "production" }, artifactId: "pkg:generic/acme/booking@1.3.0" },
  });
});

test("what has no type is not sent, by its name or by what it says", () => {
  expect(fittingNames({ drafts: true })).not.toContain("ArtifactWritten");
  expect(said("InfraProvisioned", { environments: [] })).toBeUndefined();
  expect(said("RegressionDetected", { releaseId: null })).toBeUndefined();
  expect(said("ScanCompleted", { findings: null })).toBeUndefined();
  expect(said("ScanCompleted", { findings: { critical: 0 }, vulnerabilities: "NotScanned" })).toBeUndefined();
  // A merge is said by the delivery, once it has seen it; and a push is about no number.
  expect(acted({ action: "merged", pullRequest: 3, commit: "c" })).toBeUndefined();
  expect(acted({ reason: "pushed to trace/x", commit: "c" })).toBeUndefined();
});

test("what a person did with a pull request is said of the change that was created", () => {
  const created = said("PullRequestCreated")?.subject.id;
  expect(said("StudioPRAction")?.subject.id).toBe(created);
  expect(acted({ action: "closed", pullRequest: 3 })).toMatchObject({
    ...{ context: { type: "dev.cdevents.change.abandoned.0.3.0" }, subject: { id: created } },
  });
});

test("a scan says whether it found something, and the worst of it", () => {
  const content = (findings: JsonObject) => said("ScanCompleted", { findings })?.subject.content;
  expect(content({ low: 3, high: 1 })).toMatchObject({ outcome: "failure", severity: "high" });
  expect(content({ unknown: 1 })).not.toHaveProperty("severity");
  expect(content({ unknown: 1 })).toMatchObject({ outcome: "failure" });
  expect(content({ critical: 0 })).toMatchObject({ outcome: "success", environment: { id: "build" } });
});

test("approvals are said where drafts are asked for, and else not", () => {
  expect(said("ApprovalGranted")).toBeUndefined();
  expect(said("ApprovalGranted", {}, true)?.subject).toEqual({
    id: "acme/release-000007",
    content: {
      ...{ approvalDetailsUrl: address, resourceTargetUrl: address, decision: "approved" },
      responder: "urn:connectsoft:identity:max",
    },
  });
});

test("an event travels in a CloudEvent that says of it what it says of itself, with ours beside", () => {
  const event = fittingEvent("DeploymentCompleted");
  const [cdEvent] = toCdEvents(event, { drafts: false, address });
  if (cdEvent === undefined) throw new Error("it fits");
  expect(cdEvent.context).toMatchObject({
    id: `${event.subject}/1`,
    chainId: event.traceid,
    timestamp: event.time,
  });
  expect(cdEvent.customData).toMatchObject({ type: event.type, hash: event.hash, data: event.data });
  expect(asCloudEvent(cdEvent)).toEqual({
    ...{ specversion: "1.0", id: cdEvent.context.id, source: event.source, type: cdEvent.context.type },
    ...{ subject: "acme/booking", time: event.time, datacontenttype: "application/json", data: cdEvent },
  });
});
