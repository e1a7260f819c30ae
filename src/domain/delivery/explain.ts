/**
 * Why is it waiting, on whom, since when, and what resolves it: read from the record and its events alone,
 * for any flow. An open invocation explains itself; otherwise the newest telling event since the last step does.
 */
import { type DeliveryEvent, eventName } from "../event/event.ts";
import type { EventName } from "../event/event-catalogue.ts";
import { spanBetween } from "../time-text.ts";
import { type DeliveryRecord, isOver, mainInstance, type OpenInvocation } from "./delivery-state.ts";
import type { FlowLookup } from "./evolve.ts";
import { adviceOf, type Cause, describeCause } from "./explain-cause.ts";
import { explainReview } from "./explain-review.ts";
import type { Explanation, Situation, SituationKind, Told } from "./situation.ts";
import { waysOn } from "./way-on.ts";

const urgency: SituationKind[] = [
  "over",
  "waiting",
  "stopped",
  "retrying",
  "held",
  "working",
  "published",
  "live",
  "idle",
];

export function explain(told: Told, look: { flows: FlowLookup; now: string }): Explanation {
  const { record } = told;
  const situations = Object.keys(record.state.instances).flatMap((name) => situationsOf(name, told, look));
  if (isOver(record.state.phase)) {
    const end = explainEnd(told, look.now);
    // What a person must see to although it is over, as a share of the traffic that policy leaves to it.
    const left = situations.filter(({ kind }) => kind === "waiting").map(({ sentence }) => sentence);
    return { ...end, sentence: [end.sentence, ...left].join(" "), situations };
  }
  const first = [...situations].sort((a, b) => urgency.indexOf(a.kind) - urgency.indexOf(b.kind))[0];
  if (first === undefined) return { sentence: "Nothing has happened yet.", kind: "idle", situations: [] };
  const { sentence, kind } = first;
  return { sentence, kind, situations, ...resolutionOf(first) };
}

/** What resolves it, or why that is not for the reader. */
export function resolutionOf({ kind, advice, ways }: Situation): Pick<Explanation, "command" | "closed"> {
  if (kind === "live" || kind === "published") return {};
  if (advice !== undefined) return { command: advice };
  const [first] = ways;
  if (first === undefined) return {};
  return first.closed === undefined ? { command: first.command } : { closed: first.closed };
}

function situationsOf(name: string, told: Told, look: { flows: FlowLookup; now: string }): Situation[] {
  const { record } = told;
  const instance = record.state.instances[name];
  // What was on its way when the delivery ended hears nothing; what serves does.
  if (instance === undefined || instance.halted) return [];
  const flow = look.flows(instance.flow.digest);
  const environments = record.handOver?.environments ?? [];
  const { environment, releaseId } = instance;
  const context = environment === undefined ? { environments } : { environments, environment };
  const accepted = flow.accepts(instance.snapshot, context);
  const open = Object.values(record.state.invocations).filter((one) => one.instance === name);
  const where = { traceId: record.subject.traceId, ...scopeOf(environment, releaseId) };
  const found = flow.active(instance.snapshot).flatMap((state): Situation[] => {
    const base = { instance: name, state, ...scopeOf(environment, releaseId) };
    const invocation = open.find(({ fsmState }) => fsmState === state || state.startsWith(`${fsmState}.`));
    if (invocation !== undefined) return [{ ...base, ...explainWork(invocation, told, look.now) }];
    const cause = findCause(name, state, told);
    const timer = timerOf(record, name);
    if (cause === undefined && !isTold(name, told, accepted)) return [];
    const asked = cause !== undefined && eventName(cause) === "ApprovalRequested";
    // A vote is taken only where one was asked for, whatever else would wake the flow.
    const ways = waysOn(accepted, where).filter(({ event }) => asked || !event.startsWith("Approval"));
    const advice = cause === undefined ? undefined : adviceOf(cause, told);
    const { moduleId } = record.subject;
    const said = describeCause(cause, { ...base, moduleId, told, accepted, now: look.now, until: timer });
    const since = cause?.time ?? instance.since;
    return [{ ...base, since, ways, ...said, ...(advice !== undefined && { advice }) }];
  });
  // A region that is done waits for the ones beside it, and not for an event that one of them takes.
  const telling = found.filter(({ kind }) => kind !== "idle");
  return telling.length > 0 ? telling : found;
}

/** A final region says nothing of itself, and a flow that waits for its environments leaves the word to them. */
function isTold(name: string, { record }: Told, accepted: EventName[]): boolean {
  if (accepted.length === 0) return false;
  return name !== mainInstance || Object.keys(record.state.instances).length === 1;
}

function explainWork(open: OpenInvocation, told: Told, now: string) {
  const { agentId, skillId, dueAt, environment, retries, retry } = open;
  const place = environment === undefined ? "" : ` for ${environment}`;
  const base = { on: agentId, since: open.invokedAt, ways: [] };
  const review = explainReview(open, told);
  if (review !== undefined) return { ...base, ...review };
  const asked = lastEnd(open, told);
  if (dueAt === null || (dueAt > now && asked?.data.outcome === "Delayed")) {
    const until = dueAt === null ? "" : `; it looks again in ${spanBetween(now, dueAt)}`;
    const sentence = `${agentId} (${skillId}${place}) waits: ${String(asked?.data.summary ?? "for news")}${until}.`;
    return { ...base, kind: "held" as const, sentence, ...(dueAt !== null && { until: dueAt }) };
  }
  if (dueAt > now) {
    const failed = lastFailure(open, told);
    const sentence =
      `${agentId} failed ${skillId}${place} and tries again in ${spanBetween(now, dueAt)} ` +
      `(retry ${retries} of ${retry.limit}): ${String(failed?.data.message ?? "no reason was given")}`;
    return { ...base, kind: "retrying" as const, until: dueAt, sentence };
  }
  const forMs = Date.parse(now) - Date.parse(dueAt);
  const slow =
    forMs > slowMs
      ? ` Where no server runs on ${told.record.handOver?.host}, start one: connectsoft serve.`
      : "";
  const sentence = `${agentId} is at work on ${skillId}${place} for ${spanBetween(dueAt, now)}.${slow}`;
  return { ...base, kind: "working" as const, sentence };
}

const slowMs = 120_000;

/** How its newest attempt ended. */
function lastEnd(open: OpenInvocation, told: Told): DeliveryEvent | undefined {
  return told.events.findLast(
    (event) =>
      event.invocationid === open.invocationId &&
      ["AgentCompleted", "AgentFailed"].includes(eventName(event)),
  );
}

function lastFailure(open: OpenInvocation, told: Told): DeliveryEvent | undefined {
  return told.events.findLast(
    (event) => event.invocationid === open.invocationId && eventName(event) === "AgentFailed",
  );
}

const tellingEvents: ReadonlySet<EventName> = new Set<EventName>([
  "ApprovalRequested",
  "ReleaseDelayed",
  "RetryDelayed",
  "ReleaseRejected",
  "ReleaseRevoked",
  "ReleaseReplaced",
  "EnvironmentDestroyed",
  "ReleaseRestored",
  "AgentFailed",
  "EscalationRaised",
  "DeploymentCompleted",
  "DeploymentFailed",
  "RollbackCompleted",
  "RollbackFailed",
  "ReleasePublished",
]);

/** The newest telling event of the state's region since the last invocation there. */
function findCause(name: string, state: string, told: Told): Cause | undefined {
  const environment = told.record.state.instances[name]?.environment;
  const region = state.slice(0, state.lastIndexOf(".") + 1);
  const states = new Map<string, string>();
  for (const event of told.events)
    if (eventName(event) === "AgentInvoked" && event.data.instance === name)
      states.set(String(event.data.invocationId), String(event.data.fsmState));
  const inRegion = (event: DeliveryEvent) => {
    const invoking = event.invocationid === undefined ? undefined : states.get(event.invocationid);
    return invoking === undefined || invoking.startsWith(region);
  };
  const bound = told.events.findLast(
    (event) => eventName(event) === "AgentInvoked" && event.data.instance === name && inRegion(event),
  );
  const since = told.events.filter(
    (event) =>
      event.sequence > (bound?.sequence ?? 0) && event.environment === environment && inRegion(event),
  );
  const newest = since.findLast(
    (event) => tellingEvents.has(eventName(event)) && isFinal(event) && event.data.waits !== true,
  );
  if (newest === undefined) return undefined;
  return eventName(newest) === "AgentFailed" ? (tellingFailure(since, newest) ?? newest) : newest;
}

/** A failing agent that raised an escalation said there what a person shall do; a verdict is told as one. */
function tellingFailure(since: DeliveryEvent[], failed: DeliveryEvent): Cause | undefined {
  const escalation = since.findLast((event) => eventName(event) === "EscalationRaised");
  if (escalation !== undefined) return escalation;
  return since.findLast(
    (event) => eventName(event) === "ReleaseRejected" && event.invocationid === failed.invocationid,
  );
}

function isFinal(event: DeliveryEvent): boolean {
  const { data } = event;
  // Who asks for the next attempt at once puts nothing off.
  if (eventName(event) === "RetryDelayed" && Number.isNaN(Date.parse(String(data.until)))) return false;
  return data.late !== true && data.retryAt === undefined;
}

function timerOf(record: DeliveryRecord, name: string): string | undefined {
  const due = Object.entries(record.state.timers)
    .filter(([key]) => key.startsWith(`${name}/`))
    .map(([, { dueAt }]) => dueAt);
  return due.sort()[0];
}

function explainEnd({ record, events }: Told, now: string): Omit<Explanation, "situations"> {
  const { phase } = record.state;
  const last = events.findLast((event) =>
    ["DeliveryCancelled", "DeliverySuperseded"].includes(eventName(event)),
  );
  const time = last?.time ?? now;
  const why =
    phase === "cancelled"
      ? `by ${String(last?.data.by ?? "a person")}${last?.data.reason === undefined ? "" : `: ${String(last.data.reason)}`}`
      : `by the newer trace ${String(last?.data.byTrace ?? "")}`;
  const sentence = `The delivery was ${phase} ${spanBetween(time, now)} ago ${why}.`;
  const command = `connectsoft deliver ${record.handOver?.source.kind === "folder" ? record.handOver.source.path : (record.handOver?.source.url ?? "<folder>")}`;
  return { sentence, command, kind: "over" };
}

function scopeOf(environment: string | undefined, releaseId: string | undefined) {
  return {
    ...(environment !== undefined && { environment }),
    ...(releaseId !== undefined && { releaseId }),
  };
}
