/** The spans of a delivery as its chain tells them: what ran when, inside what, and how it ended. */
import { type DeliveryEvent, eventName } from "../event/event.ts";
import type { Subject } from "../scope.ts";
import { attemptSpanId, deliveryIds, ownSpanId } from "./span-ids.ts";

export type SpanOutcome = "running" | "waiting" | "success" | "failed" | "delayed" | "lost";

export interface DeliverySpan {
  /** 8 bytes in hex; of deliveries and attempts as OpenTelemetry exports them. */
  id: string;
  parentId?: string;
  kind: "delivery" | "attempt" | "step" | "wait";
  name: string;
  agentId?: string;
  skillId?: string;
  /** The state of the flow in which it ran, or the step of a rollout. */
  stage?: string;
  environment?: string;
  releaseId?: string;
  attempt?: number;
  outcome: SpanOutcome;
  /** ISO 8601. */
  startedAt: string;
  /** Absent while it lasts. */
  endedAt?: string;
  durationMs: number;
  /** What came of it, in the words of who ran it. */
  detail?: string;
}

/** Outer before inner, then by their begin. `now`: ISO 8601, for what still lasts; `over`: nothing of it does. */
export function spansOf(
  subject: Subject,
  events: readonly DeliveryEvent[],
  { now, over }: { now: string; over: boolean },
): DeliverySpan[] {
  const parentId = deliveryIds(subject).spanId;
  const inside = [...attemptsOf(events, { now, parentId }), ...waitsOf(events, { now, parentId, over })];
  const spans = inside.sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  const first = events[0]?.time ?? now;
  const lasts = !over && spans.some(({ endedAt }) => endedAt === undefined);
  const last = events.at(-1)?.time ?? now;
  const failed = spans.at(-1)?.outcome === "failed";
  const root: DeliverySpan = {
    id: parentId,
    kind: "delivery",
    name: `delivery ${subject.moduleId}`,
    outcome: lasts ? "running" : failed ? "failed" : "success",
    startedAt: first,
    ...(!lasts && { endedAt: last }),
    durationMs: between(first, lasts ? now : last),
  };
  return [root, ...spans];
}

interface Invoked {
  agentId: string;
  skillId: string;
  fsmState: string;
  /** When the attempt that is open began at the earliest, ISO 8601. */
  from: string;
  attempt: number;
  waits: boolean;
  event: DeliveryEvent;
}

function attemptsOf(
  events: readonly DeliveryEvent[],
  { now, parentId }: { now: string; parentId: string },
): DeliverySpan[] {
  const open = new Map<string, Invoked>();
  const spans: DeliverySpan[] = [];
  const ended = new Map<string, DeliverySpan[]>();
  for (const event of events) {
    const { data, time } = event;
    const id = event.invocationid ?? String(data.invocationId ?? "");
    const name = eventName(event);
    if (name === "AgentInvoked") {
      const { agentId, skillId, fsmState } = data;
      open.set(String(data.invocationId), {
        ...{ agentId: String(agentId), skillId: String(skillId), fsmState: String(fsmState) },
        ...{ from: time, attempt: 1, waits: false, event },
      });
    }
    if (name === "RolloutProgressed") ended.set(id, [...(ended.get(id) ?? []), stepOf(event)]);
    const invoked = open.get(id);
    if (invoked === undefined || (name !== "AgentCompleted" && name !== "AgentFailed")) continue;
    if (data.late === true) continue;
    const attempt = Number(data.attempt);
    const lasted = typeof data.durationMs === "number" ? data.durationMs : between(invoked.from, time);
    const span = attemptSpan(invoked, { id, attempt, parentId });
    spans.push({
      ...span,
      outcome: outcomeOf(event),
      startedAt: new Date(Date.parse(time) - lasted).toISOString(),
      endedAt: time,
      durationMs: lasted,
      ...detailOf(event),
    });
    spans.push(...(ended.get(id) ?? []).map((step) => ({ ...step, parentId: span.id })));
    ended.delete(id);
    const goesOn = data.retryAt !== undefined || data.outcome === "Delayed";
    if (!goesOn) open.delete(id);
    else {
      const from = typeof data.retryAt === "string" && data.retryAt > time ? data.retryAt : time;
      open.set(id, { ...invoked, from, attempt: attempt + 1, waits: data.outcome === "Delayed" });
    }
  }
  return [...spans, ...stillOpen(open, { events, now, parentId, ended })];
}

/** What was begun, and neither ended nor left by its flow. */
function stillOpen(
  open: Map<string, Invoked>,
  {
    events,
    now,
    parentId,
    ended,
  }: { events: readonly DeliveryEvent[]; now: string; parentId: string; ended: Map<string, DeliverySpan[]> },
): DeliverySpan[] {
  return [...open].flatMap(([id, invoked]) => {
    const left = leftAt(invoked, events);
    // It waited for its time or for a word, and something else came first: that attempt never ran.
    if (left !== undefined && (invoked.waits || left < invoked.from)) return [];
    const span = attemptSpan(invoked, { id, attempt: invoked.attempt, parentId });
    const until = left ?? now;
    const own: DeliverySpan = {
      ...span,
      outcome: left !== undefined ? "lost" : invoked.waits ? "waiting" : "running",
      startedAt: [invoked.from, until].sort()[0] ?? until,
      ...(left !== undefined && { endedAt: left }),
      durationMs: between(invoked.from, until),
    };
    return [own, ...(ended.get(id) ?? []).map((step) => ({ ...step, parentId: span.id }))];
  });
}

/** When its flow began something else in the same place, or everything ended. */
function leftAt({ event }: Invoked, events: readonly DeliveryEvent[]): string | undefined {
  const next = events.find((later) => {
    if (later.sequence <= event.sequence) return false;
    const name = eventName(later);
    if (name === "DeliveryCancelled" || name === "DeliverySuperseded") return true;
    return name === "AgentInvoked" && later.environment === event.environment && isSameRegion(later, event);
  });
  return next?.time;
}

function isSameRegion(a: DeliveryEvent, b: DeliveryEvent): boolean {
  const region = ({ data }: DeliveryEvent): string => String(data.fsmState).replace(/[^.]*$/, "");
  return a.data.instance === b.data.instance && region(a) === region(b);
}

function attemptSpan(
  { agentId, skillId, fsmState, event }: Invoked,
  { id, attempt, parentId }: { id: string; attempt: number; parentId: string },
) {
  const { environment, releaseid } = event;
  return {
    ...{ id: attemptSpanId(id, attempt), parentId, kind: "attempt" as const },
    ...{ name: `${agentId} ${skillId}`, agentId, skillId, stage: fsmState, attempt },
    ...(environment !== undefined && { environment }),
    ...(releaseid !== undefined && { releaseId: releaseid }),
  };
}

function stepOf(event: DeliveryEvent): DeliverySpan {
  const { data, time, environment, releaseid } = event;
  const lasted = typeof data.durationMs === "number" ? data.durationMs : 0;
  return {
    id: ownSpanId(event.id),
    kind: "step",
    name: String(data.step),
    stage: String(data.step),
    attempt: Number(data.attempt),
    ...(environment !== undefined && { environment }),
    ...(releaseid !== undefined && { releaseId: releaseid }),
    outcome: data.step === "failed" ? "failed" : "success",
    startedAt: new Date(Date.parse(time) - lasted).toISOString(),
    endedAt: time,
    durationMs: lasted,
    ...detailOf(event),
  };
}

/** How long people were waited for, release by release. */
function waitsOf(
  events: readonly DeliveryEvent[],
  { now, parentId, over }: { now: string; parentId: string; over: boolean },
): DeliverySpan[] {
  const asked = new Map<string, DeliveryEvent>();
  for (const event of events)
    if (eventName(event) === "ApprovalRequested") {
      const releaseId = String(event.data.releaseId);
      if (!asked.has(releaseId)) asked.set(releaseId, event);
    }
  return [...asked].map(([releaseId, event]) => {
    const end = events.findLast(
      (other) =>
        other.sequence > event.sequence &&
        other.data.releaseId === releaseId &&
        verdicts.has(eventName(other)),
    );
    const endedAt = end?.time ?? (over ? events.at(-1)?.time : undefined);
    const approved = end !== undefined && eventName(end) === "ReleaseApproved";
    return {
      ...{ id: ownSpanId(`${event.subject}/${releaseId}`), parentId, kind: "wait" as const },
      ...{ name: `approval of ${releaseId}`, releaseId, startedAt: event.time },
      ...(event.environment !== undefined && { environment: event.environment }),
      outcome: endedAt === undefined ? "waiting" : approved ? "success" : "failed",
      ...(endedAt !== undefined && { endedAt }),
      durationMs: between(event.time, endedAt ?? now),
    };
  });
}

const verdicts: ReadonlySet<string> = new Set(["ReleaseApproved", "ReleaseRejected", "ReleaseRevoked"]);

function outcomeOf(event: DeliveryEvent): SpanOutcome {
  if (eventName(event) === "AgentFailed") return event.data.code === "WorkerLost" ? "lost" : "failed";
  return event.data.outcome === "Delayed" ? "delayed" : "success";
}

function detailOf({ data }: DeliveryEvent): { detail?: string } {
  const told = data.summary ?? data.message;
  return typeof told === "string" && told !== "" ? { detail: told } : {};
}

function between(from: string, to: string): number {
  return Math.max(0, Date.parse(to) - Date.parse(from));
}
