/**
 * Decides one step of a delivery: an input comes in, sealed events and the new state go out. Pure; the
 * store writes the outcome in the same transaction in which it locked the record.
 */
import { sha256 } from "../canonical-json.ts";
import { type DeliveryEvent, type EventDraft, sealEvent } from "../event/event.ts";
import type { EventName } from "../event/event-catalogue.ts";
import type { JsonObject } from "../json.ts";
import { type ArtifactAddress, artifactPath } from "../memory/artifact-path.ts";
import { type Refusal, refuse } from "../refusal.ts";
import type { Scope } from "../scope.ts";
import { checkStatement } from "./check-statement.ts";
import type { DeliveryRecord, OpenInvocation } from "./delivery-state.ts";
import { evolve, type FlowLookup, type Want } from "./evolve.ts";
import { nextEnvironment } from "./next-environment.ts";
import { emissionId, endId, invocationIdFor, lateId } from "./step-ids.ts";

/** A version of an artifact to be stored beside its `ArtifactWritten` event. */
export interface ArtifactVersion extends ArtifactAddress {
  path: string;
  version: number;
  sha256: string;
  content: string;
  writer: { agentId: string; skillId: string; invocationId: string };
}

export interface ArtifactDraft extends ArtifactAddress {
  content: string;
  /** `module`: the path carries no environment. */
  scope: "environment" | "module";
}

/** How an attempt of an invocation ended. */
export interface AttemptResult {
  invocationId: string;
  attempt: number;
  durationMs: number;
  emits: { name: EventName; data: JsonObject }[];
  artifacts: ArtifactDraft[];
  end:
    | { status: "Success"; summary: string }
    | { status: "Delayed"; summary: string; wakeOn: EventName[]; until?: string }
    | { status: "Failed"; refusal: Omit<Refusal, "code"> & { code: string }; retryable: boolean };
}

export type StepInput =
  | { kind: "append"; drafts: EventDraft[] }
  /** What a running attempt states before its end. */
  | { kind: "announce"; invocationId: string; attempt: number; draft: EventDraft }
  | { kind: "result"; result: AttemptResult }
  | { kind: "timer"; timer: string }
  | { kind: "lost"; invocationId: string; attempt: number; worker: string };

export interface StepDecision {
  record: DeliveryRecord;
  events: DeliveryEvent[];
  artifacts: ArtifactVersion[];
}

export interface StepContext {
  flows: FlowLookup;
  /** ISO 8601; the time of every event of the step. */
  now: string;
  /** Event ids of this chain that are known already, of those that the input names. */
  known: ReadonlySet<string>;
}

/** The ids of an input that may stand on the chain already: what a store looks up before it decides. */
export function namedIds(input: StepInput): string[] {
  switch (input.kind) {
    case "append":
      return input.drafts.flatMap(({ id }) => (id === undefined ? [] : [id]));
    case "announce":
      return input.draft.id === undefined ? [] : [input.draft.id];
    case "result":
      return [endId(input.result), lateId(input.result)];
    case "timer":
    case "lost":
      return [];
  }
}

/**
 * Refuses an input that cannot become a fact: an announcement of an attempt that is not awaited any more, a
 * statement that only the engine makes, a move to a state that is not there.
 */
export function decideStep(record: DeliveryRecord, input: StepInput, context: StepContext): StepDecision {
  const step = new Step(record, context);
  switch (input.kind) {
    case "append":
      for (const draft of input.drafts) step.state(draft);
      break;
    case "announce":
      step.announce(input);
      break;
    case "result":
      step.takeResult(input.result);
      break;
    case "timer":
      step.fire(input.timer);
      break;
    case "lost":
      step.lose(input);
      break;
  }
  step.settleWants();
  return step.decision();
}

const engine = "/engine";

/** Far more than any flow needs: a flow whose states call each other for ever must not hold the engine. */
const mostEvents = 1_000;

class Step {
  private record: DeliveryRecord;
  private readonly context: StepContext;
  private readonly events: DeliveryEvent[] = [];
  private readonly artifacts: ArtifactVersion[] = [];
  private wants: CausedWant[] = [];

  constructor(record: DeliveryRecord, context: StepContext) {
    this.record = record;
    this.context = context;
  }

  /** Appends what somebody outside states, unless it is known. */
  state(draft: EventDraft): void {
    checkStatement(this.record, draft, this.context.flows);
    this.append(draft);
  }

  announce({ invocationId, attempt, draft }: Extract<StepInput, { kind: "announce" }>): void {
    if (this.record.state.invocations[invocationId]?.attempt !== attempt)
      throw refuse(
        "Conflict",
        `Attempt ${attempt} of ${draft.agentId}/${draft.skillId} may not announce ${draft.name}: it is not awaited any more.`,
        "Stop: another attempt may be running.",
      );
    this.append(draft);
  }

  append(draft: EventDraft): void {
    if (draft.id !== undefined && this.isKnown(draft.id)) return;
    if (this.events.length === mostEvents)
      throw refuse("FlowInvalid", `The flow states more than ${mostEvents} events in one step.`);
    const event = sealEvent(this.record.subject, draft, { after: this.record.head, time: this.context.now });
    const { record, wants, abandoned } = evolve(this.record, event, this.context.flows);
    this.record = record;
    this.events.push(event);
    this.wants = this.wants.filter((want) => !isAbandoned(want, abandoned));
    this.wants.push(...wants.map((want) => ({ ...want, cause: event })));
  }

  /** A result that was taken already, because its first answer was lost on the way, changes nothing. */
  takeResult(result: AttemptResult): void {
    if (this.isKnown(endId(result)) || this.isKnown(lateId(result))) return;
    const open = this.record.state.invocations[result.invocationId];
    if (open === undefined || open.attempt !== result.attempt) {
      this.recordLate(result);
      return;
    }
    const draft = draftFor(open);
    for (const artifact of result.artifacts) this.write(open, artifact);
    result.emits.forEach((emission, index) => {
      const { name, data } = emission;
      this.append({ ...draft, id: emissionId(result, index), name, data });
    });
    this.append({ ...draft, id: endId(result), ...this.endOf(open, result) });
  }

  fire(timer: string): void {
    const due = this.record.state.timers[timer];
    if (due === undefined || due.dueAt > this.context.now) return;
    const slash = timer.indexOf("/");
    const instance = timer.slice(0, slash);
    const environment = this.record.state.instances[instance]?.environment;
    this.append({
      name: "TimerFired",
      source: engine,
      ...(environment !== undefined && { environment }),
      data: { instance, timerId: timer.slice(slash + 1), dueAt: due.dueAt },
    });
  }

  lose(input: { invocationId: string; attempt: number; worker: string }): void {
    const open = this.record.state.invocations[input.invocationId];
    if (open === undefined || open.attempt !== input.attempt) return;
    const message = `The worker ${input.worker} that ran ${open.skillId} was lost; another one runs it again.`;
    this.append({
      ...draftFor(open),
      source: engine,
      name: "AgentFailed",
      data: {
        invocationId: open.invocationId,
        attempt: open.attempt,
        code: "WorkerLost",
        message,
        retryAt: this.context.now,
      },
    });
  }

  /** Turns what the flow wants into events, until it wants nothing more. */
  settleWants(): void {
    for (let want = this.wants.shift(); want !== undefined; want = this.wants.shift()) this.settle(want);
  }

  decision(): StepDecision {
    return { record: this.record, events: this.events, artifacts: this.artifacts };
  }

  private isKnown(id: string): boolean {
    return this.context.known.has(id) || this.events.some((event) => event.id === id);
  }

  private settle(want: CausedWant): void {
    const instance = this.record.state.instances[want.instance];
    if (instance === undefined || instance.halted) return;
    const { environment, releaseId } = instance;
    const scope = {
      source: engine,
      ...(environment !== undefined && { environment }),
      ...(releaseId !== undefined && { releaseId }),
    };
    switch (want.kind) {
      case "emit":
        this.append({ ...scope, name: want.name, data: { instance: want.instance } });
        return;
      case "invokeFlow":
        this.startNextEnvironment(want.flow, want.cause);
        return;
      case "invoke": {
        const sequence = this.record.head.sequence + 1;
        const invocationId = invocationIdFor(this.record.subject, sequence);
        this.append({
          ...scope,
          name: "AgentInvoked",
          agentId: want.agentId,
          skillId: want.skillId,
          invocationId,
          data: {
            invocationId,
            instance: want.instance,
            key: want.key,
            agentId: want.agentId,
            skillId: want.skillId,
            fsmState: want.state,
            step: this.record.state.step + 1,
            retry: { ...want.retry },
          },
        });
      }
    }
  }

  private startNextEnvironment(flow: string, cause: DeliveryEvent): void {
    const { handOver } = this.record;
    const next = nextEnvironment(this.record, cause);
    if (handOver === undefined || next === undefined) return;
    this.append({
      name: "FlowStarted",
      source: engine,
      environment: next,
      data: { instance: next, flow, flowDigest: handOver.environmentFlow.digest },
    });
  }

  private write(open: OpenInvocation, artifact: ArtifactDraft): void {
    const scope: Scope = { ...this.record.subject };
    if (artifact.scope === "environment" && open.environment !== undefined) {
      scope.environment = open.environment;
      if (open.releaseId !== undefined) scope.releaseId = open.releaseId;
    }
    const path = artifactPath(scope, artifact);
    const known = this.record.state.artifacts[path];
    const hash = sha256(artifact.content);
    if (known?.sha256 === hash) return;
    const version = (known?.version ?? 0) + 1;
    const { agentId, skillId, invocationId } = open;
    const { kind, name, content } = artifact;
    this.artifacts.push({
      path,
      kind,
      name,
      version,
      sha256: hash,
      content,
      writer: { agentId, skillId, invocationId },
    });
    this.append({
      ...draftFor(open),
      name: "ArtifactWritten",
      data: { path, name, kind, version, sha256: hash },
    });
  }

  private endOf(open: OpenInvocation, result: AttemptResult): Pick<EventDraft, "name" | "data"> {
    const base = { invocationId: open.invocationId, attempt: open.attempt, durationMs: result.durationMs };
    const { end } = result;
    switch (end.status) {
      case "Success":
        return { name: "AgentCompleted", data: { ...base, outcome: "Success", summary: end.summary } };
      case "Delayed": {
        const until = end.until === undefined ? {} : { until: end.until };
        const data = { ...base, outcome: "Delayed", summary: end.summary, wakeOn: end.wakeOn, ...until };
        return { name: "AgentCompleted", data };
      }
      case "Failed": {
        const retryAt = end.retryable ? this.retryAt(open) : undefined;
        const data = { ...base, ...end.refusal, ...(retryAt !== undefined && { retryAt }) };
        return { name: "AgentFailed", data };
      }
    }
  }

  private retryAt(open: OpenInvocation): string | undefined {
    if (open.retries >= open.retry.limit) return undefined;
    const delayMs = open.retry.backoffMs * 2 ** open.retries;
    return new Date(Date.parse(this.context.now) + delayMs).toISOString();
  }

  /** An answer that nobody waits for any more: evidence, and nothing else. */
  private recordLate(result: AttemptResult): void {
    const { invocationId, attempt, durationMs, end } = result;
    const data = { invocationId, attempt, durationMs, late: true };
    const draft = { id: lateId(result), source: engine, invocationId };
    if (end.status === "Failed")
      this.append({ ...draft, name: "AgentFailed", data: { ...data, ...end.refusal } });
    else this.append({ ...draft, name: "AgentCompleted", data: { ...data, outcome: end.status } });
  }
}

type CausedWant = Want & { cause: DeliveryEvent };

function isAbandoned(want: Want, abandoned: string[]): boolean {
  if (abandoned.includes(`${want.instance}/*`)) return true;
  return want.kind !== "emit" && abandoned.includes(`${want.instance}/${want.key}`);
}

function draftFor(open: OpenInvocation) {
  return {
    source: `/agents/${open.agentId}`,
    agentId: open.agentId,
    skillId: open.skillId,
    invocationId: open.invocationId,
    ...(open.environment !== undefined && { environment: open.environment }),
    ...(open.releaseId !== undefined && { releaseId: open.releaseId }),
  };
}
