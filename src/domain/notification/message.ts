/** What people are told of an event: what happened, where, and what they can do about it. */
import { type DeliveryEvent, eventName } from "../event/event.ts";
import type { EventName } from "../event/event-catalogue.ts";
import type { JsonObject } from "../json.ts";
import { reasonText } from "../timeline/reason-text.ts";
import { harmlessLine, harmlessText } from "./harmless-text.ts";
import { whoMayAct } from "./who-may-act.ts";

export interface Message {
  /** The same at each attempt, so that a receiver can drop repetitions. */
  id: string;
  /** For machines: a CloudEvent. */
  event: JsonObject;
  title: string;
  /** In the words of those who caused it: never to be taken for markup. */
  lines: string[];
  facts: { name: string; value: string }[];
  /** A command line to go on with, for whoever reads it: the channel knows nobody's roles. */
  command?: string;
  /** Path of Studio where it is to be seen. */
  path: string;
}

/** What each of the usual ones says after the module's name and version. */
const phrases: Partial<Record<EventName, string>> = {
  ApprovalRequested: "waits for approval",
  ReleaseApproved: "was approved",
  ReleaseDelayed: "is held",
  ReleaseRejected: "was rejected",
  ReleaseRevoked: "was revoked",
  ReleasePublished: "has arrived",
  DeploymentStarted: "is being deployed",
  DeploymentCompleted: "is deployed",
  DeploymentFailed: "could not be deployed",
  RollbackTriggered: "is being rolled back",
  RollbackCompleted: "was rolled back",
  RollbackFailed: "could not be rolled back",
  EscalationRaised: "needs a person",
  PipelineInvalid: "has a pipeline that does not hold",
  TestsFailed: "failed its tests",
  InfraFailed: "could not be provisioned",
};

export function messageOf(id: string, event: DeliveryEvent): Message {
  const { tenantid, traceid, moduleid, environment, data } = event;
  const releaseId = event.releaseid ?? textOf(data.releaseId);
  const facts: [string, string | undefined][] = [
    ["Tenant", tenantid],
    ["Module", moduleid],
    ["Version", textOf(data.version)],
    ["Environment", environment],
    ["Release", releaseId],
    ["Trace", traceid],
    ...whoMayAct(event),
    ["When", event.time],
  ];
  return {
    id,
    event: { ...event },
    title: titleOf(event),
    lines: linesOf(data),
    facts: facts.flatMap(([name, value]) =>
      value === undefined ? [] : [{ name, value: harmlessLine(value) }],
    ),
    command: hasFailed(event)
      ? `connectsoft failure ${releaseId ?? traceid}`
      : `connectsoft explain ${traceid}`,
    path: pathOf(event, releaseId),
  };
}

function titleOf(event: DeliveryEvent): string {
  const name = eventName(event);
  const version = textOf(event.data.version);
  const what = [event.moduleid, version].filter((one) => one !== undefined).join(" ");
  const where = event.environment === undefined ? "" : ` in ${event.environment}`;
  return harmlessLine(`${what} ${phrases[name] ?? name}${where}`, 140);
}

function linesOf(data: JsonObject): string[] {
  const said = ["what", "summary", "message", "reason", "comment"].map((key) => textOf(data[key]) ?? "");
  const by = textOf(data.by);
  const lines = [...said, ...unsaidReasons(data, said), by && `by ${by}`, textOf(data.url)];
  return lines.flatMap((line) => (line === undefined || line === "" ? [] : [harmlessText(line, 1_000)]));
}

/** A quorum that is not met is what is asked for: who may decide says it. */
function unsaidReasons({ reasons }: JsonObject, said: readonly string[]): string[] {
  const listed = Array.isArray(reasons) ? reasons.slice(0, 10) : [];
  return listed.flatMap((reason) => {
    const { code, message } = (reason ?? {}) as { code?: unknown; message?: unknown };
    const isSaid = said.some((line) => line.includes(String(message)));
    return code === "QuorumNotMet" || isSaid ? [] : [reasonText(reason)];
  });
}

const failures: ReadonlySet<string> = new Set<EventName>([
  "DeploymentFailed",
  "RollbackCompleted",
  "RollbackFailed",
]);

function hasFailed(event: DeliveryEvent): boolean {
  return failures.has(eventName(event));
}

function pathOf(event: DeliveryEvent, releaseId: string | undefined): string {
  if (eventName(event) === "ApprovalRequested" && releaseId !== undefined)
    return `/approvals/${encodeURIComponent(releaseId)}`;
  return `/deliveries/${event.traceid}/${event.moduleid}${hasFailed(event) ? "/failure" : ""}`;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
