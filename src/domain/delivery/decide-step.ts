/**
 * Decides one step of a delivery: an input comes in, sealed events and the new state go out. Pure; the
 * store writes the outcome in the same transaction in which it locked the record.
 */
import { type DeliveryEvent, type EventDraft, sealEvent } from "../event/event.ts";
import { refuse } from "../refusal.ts";
import { endOf, engineSource, lateStatement, nextVersion, statementOf } from "./attempt-statements.ts";
import { checkStatement } from "./check-statement.ts";
import type { DeliveryRecord, OpenInvocation } from "./delivery-state.ts";
import { evolve, type FlowLookup, type Want } from "./evolve.ts";
import { nextEnvironment } from "./next-environment.ts";
import type {
  ArtifactDraft,
  ArtifactVersion,
  AttemptResult,
  OutsideFile,
  StepDecision,
  StepInput,
} from "./step.ts";
import { emissionId, endId, invocationIdFor, lateId } from "./step-ids.ts";

export interface StepContext {
  flows: FlowLookup;
  /** ISO 8601; the time of every event of the step. */
  now: string;
  /** Event ids of this chain that are known already, of those that the input names. */
  known: ReadonlySet<string>;
}

/**
 * Refuses an input that cannot become a fact: an announcement of an attempt that is not awaited any more, a
 * statement that only the engine makes, a move to a state that is not there.
 */
export function decideStep(record: DeliveryRecord, input: StepInput, context: StepContext): StepDecision {
  const step = new Step(record, context);
  switch (input.kind) {
    case "append":
      step.bring(input.files ?? [], input.drafts[0]);
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

  /** Files stand before the statement that speaks of them. */
  bring(files: OutsideFile[], statement: EventDraft | undefined): void {
    if (statement === undefined || (statement.id !== undefined && this.isKnown(statement.id))) return;
    checkStatement(this.record, statement, this.context.flows);
    for (const { source, writer, ...file } of files)
      this.writeVersion(nextVersion(this.record, writer, { ...file, scope: "module" }), { source });
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
      this.append(lateStatement(result));
      return;
    }
    const draft = statementOf(open);
    for (const artifact of result.artifacts) this.write(open, artifact);
    result.emits.forEach((emission, index) => {
      const { name, data } = emission;
      this.append({ ...draft, id: emissionId(result, index), name, data });
    });
    this.append({ ...draft, id: endId(result), ...endOf(open, result, this.context.now) });
  }

  fire(timer: string): void {
    const due = this.record.state.timers[timer];
    if (due === undefined || due.dueAt > this.context.now) return;
    const slash = timer.indexOf("/");
    const instance = timer.slice(0, slash);
    const environment = this.record.state.instances[instance]?.environment;
    this.append({
      name: "TimerFired",
      source: engineSource,
      ...(environment !== undefined && { environment }),
      data: { instance, timerId: timer.slice(slash + 1), dueAt: due.dueAt },
    });
  }

  lose(input: { invocationId: string; attempt: number; worker: string }): void {
    const open = this.record.state.invocations[input.invocationId];
    if (open === undefined || open.attempt !== input.attempt) return;
    const message = `The worker ${input.worker} that ran ${open.skillId} was lost; another one runs it again.`;
    this.append({
      ...statementOf(open),
      source: engineSource,
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
      source: engineSource,
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
      source: engineSource,
      environment: next,
      data: { instance: next, flow, flowDigest: handOver.environmentFlow.digest },
    });
  }

  private write(open: OpenInvocation, draft: ArtifactDraft): void {
    this.writeVersion(nextVersion(this.record, open, draft), statementOf(open));
  }

  private writeVersion(
    version: ArtifactVersion | undefined,
    author: Omit<EventDraft, "name" | "data">,
  ): void {
    if (version === undefined) return;
    this.artifacts.push(version);
    const { path, name, kind, sha256 } = version;
    const data = { path, name, kind, version: version.version, sha256 };
    this.append({ ...author, name: "ArtifactWritten", data });
  }
}

type CausedWant = Want & { cause: DeliveryEvent };

function isAbandoned(want: Want, abandoned: string[]): boolean {
  if (abandoned.includes(`${want.instance}/*`)) return true;
  return want.kind !== "emit" && abandoned.includes(`${want.instance}/${want.key}`);
}
