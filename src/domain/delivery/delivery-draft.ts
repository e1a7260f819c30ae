/** A delivery while one event is applied to it. */
import { type DeliveryEvent, eventName } from "../event/event.ts";
import type { CompiledFlow, FlowEffect, FlowInput, FlowStep } from "../flow/compiled-flow.ts";
import type { JsonObject } from "../json.ts";
import {
  type DeliveryRecord,
  type DeliveryState,
  type FlowInstance,
  isOver,
  mainInstance,
} from "./delivery-state.ts";
import type { HandOver } from "./hand-over.ts";
import { delayed, openInvocation, retried, runAgain, told } from "./open-invocation.ts";

/** Finds a flow by the digest of its text. */
export type FlowLookup = (digest: string) => CompiledFlow;

export type Want = Extract<FlowEffect, { kind: "invoke" | "invokeFlow" | "emit" }> & { instance: string };

export interface Evolution {
  record: DeliveryRecord;
  wants: Want[];
  /** Wants of the same step that are not wanted any more, as `<instance>/<key>` or `<instance>/*`. */
  abandoned: string[];
}

/** Copies what it changes and nothing else; lives for one event. */
export class DeliveryDraft {
  readonly state: DeliveryState;
  private handOver: HandOver | undefined;
  private readonly wants: Want[] = [];
  private readonly abandoned: string[] = [];
  private readonly record: DeliveryRecord;
  private readonly event: DeliveryEvent;
  private readonly flows: FlowLookup;

  constructor(record: DeliveryRecord, event: DeliveryEvent, flows: FlowLookup) {
    this.record = record;
    this.event = event;
    this.flows = flows;
    this.handOver = record.handOver;
    const { state } = record;
    this.state = {
      ...state,
      instances: { ...state.instances },
      invocations: { ...state.invocations },
      timers: { ...state.timers },
    };
  }

  begin(handOver: HandOver): void {
    this.handOver = handOver;
    this.state.phase = "open";
    this.startFlow(mainInstance, handOver.flow);
    this.offer();
  }

  /** From the commit on, the delivery is of the version that was decided there (docs/adr/0009). */
  settleVersion(version: unknown): void {
    const { handOver } = this;
    if (handOver === undefined || typeof version !== "string" || version === handOver.module.version) return;
    this.handOver = { ...handOver, module: { ...handOver.module, version } };
  }

  /** From here on it runs on another person's authority; whose it was stays known. */
  changeSponsor(to: string): void {
    const { handOver } = this;
    if (handOver === undefined || handOver.sponsor === to) return;
    const former = new Set([...(handOver.formerSponsors ?? []), handOver.sponsor]);
    this.handOver = { ...handOver, sponsor: to, formerSponsors: [...former] };
  }

  startFlow(name: string, flow: { name: string; digest: string }): void {
    const { environment } = this.event;
    this.dropInstance(name);
    const step = this.flows(flow.digest).start(this.flowContext(environment));
    this.state.instances[name] = {
      flow,
      ...(environment !== undefined && { environment }),
      snapshot: step.snapshot,
      begun: this.event.sequence,
      since: this.event.time,
    };
    this.absorb(name, step);
  }

  register(data: JsonObject): void {
    const open = openInvocation(this.event, data);
    this.state.step = open.step;
    this.state.invocations[open.invocationId] = open;
  }

  complete(data: JsonObject): void {
    const open = this.state.invocations[String(data.invocationId)];
    if (open === undefined) return;
    if (data.outcome === "Delayed") {
      this.state.invocations[open.invocationId] = delayed(open, this.event);
      return;
    }
    delete this.state.invocations[open.invocationId];
    this.send(open.instance, { kind: "done", key: open.key });
  }

  fail(data: JsonObject): void {
    const open = this.state.invocations[String(data.invocationId)];
    if (open === undefined) return;
    if (typeof data.retryAt === "string") {
      this.state.invocations[open.invocationId] = retried(open, this.event, data.retryAt);
      return;
    }
    delete this.state.invocations[open.invocationId];
    this.send(open.instance, { kind: "failed", key: open.key });
  }

  fireTimer(instance: string, timerId: string): void {
    delete this.state.timers[`${instance}/${timerId}`];
    this.send(instance, { kind: "timer", timerId });
  }

  move(name: string, to: string): void {
    if (isOver(this.state.phase)) this.resume();
    const instance = this.state.instances[name];
    if (instance === undefined) return;
    const step = this.flows(instance.flow.digest).restart(
      instance.snapshot,
      this.flowContext(instance.environment),
      to,
    );
    if (step !== undefined) this.take(name, instance, step);
  }

  /**
   * What is on its way halts; what has settled, such as a release that serves, goes on hearing people, and what must
   * not be left halfway, such as a rollback, goes on to its end.
   */
  end(phase: "cancelled" | "superseded"): void {
    if (!isOver(this.state.phase)) this.state.suspended = { invocations: {}, timers: {} };
    this.state.phase = phase;
    for (const [name, instance] of Object.entries(this.state.instances)) {
      if (instance.halted || this.flows(instance.flow.digest).outlives(instance.snapshot)) continue;
      this.state.instances[name] = { ...instance, halted: true };
      this.suspend(name);
    }
  }

  recordArtifact(data: JsonObject): void {
    this.state.artifacts = {
      ...this.state.artifacts,
      [String(data.path)]: { version: Number(data.version), sha256: String(data.sha256) },
    };
  }

  bindRelease(releaseId: string): void {
    const name = this.event.environment ?? mainInstance;
    const instance = this.state.instances[name];
    if (instance !== undefined) this.state.instances[name] = { ...instance, releaseId };
  }

  markDeployed(): void {
    const name = this.event.environment ?? mainInstance;
    const instance = this.state.instances[name];
    if (instance === undefined) return;
    this.state.instances[name] = { ...instance, deployed: true };
    if (instance.releaseId !== undefined) this.lockArtifacts(`/env-${name}/`, `/${instance.releaseId}/`);
  }

  /**
   * What a release was approved and deployed with stands as it is; a later rollback writes documents of its own,
   * and a further version of the map by which it went.
   */
  private lockArtifacts(environment: string, release: string): void {
    const artifacts = { ...this.state.artifacts };
    for (const [path, known] of Object.entries(artifacts))
      if (path.includes(environment) && path.includes(release) && !path.endsWith("/RollbackMap.yaml"))
        artifacts[path] = { ...known, locked: true };
    this.state.artifacts = artifacts;
  }

  /** Offers the event to every instance that it concerns, and to the invocations that may wait for it. */
  offer(): void {
    const name = eventName(this.event);
    const { environment, time, data } = this.event;
    for (const open of Object.values(this.state.invocations))
      this.state.invocations[open.invocationId] = told(open, this.event);
    for (const [key, instance] of Object.entries(this.state.instances)) {
      if (environment !== undefined && key !== mainInstance && instance.environment !== environment) continue;
      const input: FlowInput = {
        kind: "event",
        name,
        time,
        data,
        ...(environment !== undefined && { environment }),
      };
      this.send(key, input);
    }
  }

  finish(): Evolution {
    const { subject } = this.record;
    const head = { sequence: this.event.sequence, hash: this.event.hash };
    return {
      record: { subject, head, handOver: this.handOver, state: this.state },
      wants: this.wants,
      abandoned: this.abandoned,
    };
  }

  private suspend(name: string): void {
    const { invocations, timers, suspended = { invocations: {}, timers: {} } } = this.state;
    const mine = Object.values(invocations).filter((open) => open.instance === name);
    const ticking = Object.entries(timers).filter(([timer]) => timer.startsWith(`${name}/`));
    this.state.suspended = {
      invocations: {
        ...suspended.invocations,
        ...Object.fromEntries(mine.map((open) => [open.invocationId, open])),
      },
      timers: { ...suspended.timers, ...Object.fromEntries(ticking) },
    };
    for (const open of mine) delete invocations[open.invocationId];
    for (const [timer] of ticking) delete timers[timer];
  }

  private resume(): void {
    const { suspended } = this.state;
    this.state.phase = "open";
    delete this.state.suspended;
    for (const [name, { halted: _, ...instance }] of Object.entries(this.state.instances))
      this.state.instances[name] = instance;
    this.state.timers = { ...this.state.timers, ...suspended?.timers };
    for (const open of Object.values(suspended?.invocations ?? {}))
      this.state.invocations[open.invocationId] = runAgain(open, this.event.time);
  }

  private send(name: string, input: FlowInput): void {
    const instance = this.state.instances[name];
    if (instance === undefined || instance.halted || instance.snapshot.status === "done") return;
    const flow = this.flows(instance.flow.digest);
    this.take(name, instance, flow.send(instance.snapshot, this.flowContext(instance.environment), input));
  }

  private take(name: string, instance: FlowInstance, step: FlowStep): void {
    if (!step.moved) return;
    const { frozen: _, ...rest } = instance;
    const { snapshot } = step;
    const frozen = namesFreeze(this.event);
    this.state.instances[name] = { ...rest, snapshot, since: this.event.time, ...(frozen && { frozen }) };
    this.absorb(name, step);
  }

  private absorb(name: string, step: FlowStep): void {
    for (const effect of step.effects) this.heed(name, effect);
  }

  private heed(name: string, effect: FlowEffect): void {
    switch (effect.kind) {
      case "timer": {
        const dueAt = new Date(Date.parse(this.event.time) + effect.delayMs).toISOString();
        this.state.timers[`${name}/${effect.timerId}`] = { dueAt };
        return;
      }
      case "cancelTimer":
        delete this.state.timers[`${name}/${effect.timerId}`];
        return;
      case "abandon":
        this.abandon(name, effect.key);
        return;
      default:
        this.wants.push({ ...effect, instance: name });
    }
  }

  private abandon(name: string, key: string): void {
    this.abandoned.push(`${name}/${key}`);
    for (const open of Object.values(this.state.invocations))
      if (open.instance === name && open.key === key) delete this.state.invocations[open.invocationId];
  }

  private dropInstance(name: string): void {
    this.abandoned.push(`${name}/*`);
    for (const open of Object.values(this.state.invocations))
      if (open.instance === name) delete this.state.invocations[open.invocationId];
    for (const timer of Object.keys(this.state.timers))
      if (timer.startsWith(`${name}/`)) delete this.state.timers[timer];
  }

  private flowContext(environment: string | undefined) {
    const environments = this.handOver?.environments ?? [];
    return environment === undefined ? { environments } : { environments, environment };
  }
}

function namesFreeze(event: DeliveryEvent): boolean {
  if (eventName(event) !== "ReleaseDelayed") return false;
  const reasons = (Array.isArray(event.data.reasons) ? event.data.reasons : []) as { code?: unknown }[];
  return reasons.some(({ code }) => code === "FreezeActive");
}
