/**
 * Wakes releases that wait for another module: at once when a step of this process concerns one of their trace, and
 * every few seconds for what other processes did, or one that was killed could not tell any more.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { StepDecision } from "../domain/delivery/step.ts";
import { eventName } from "../domain/event/event.ts";
import type { EventName } from "../domain/event/event-catalogue.ts";
import { wakeDependents, wakeTrace } from "../operations/release-plan/wake-dependents.ts";
import type { System } from "../operations/system.ts";

export interface DependentsInTurn {
  /** Resolves when the look that is under way has ended. */
  stop(): Promise<void>;
}

const betweenLooksMs = 5_000;

/** After one of these, others of the trace may go on, or need not wait any more. */
const telling: ReadonlySet<EventName> = new Set<EventName>([
  "AgentFailed",
  "DeliveryCancelled",
  "DeliverySuperseded",
  "DeploymentCompleted",
  "DeploymentFailed",
  "EnvironmentDestroyed",
  "EscalationRaised",
  "ReleaseRejected",
  "ReleaseRestored",
  "ReleaseRevoked",
  "RollbackCompleted",
  "RollbackFailed",
]);

export function wakeDependentsInTurn(
  system: System,
  onStep: (listener: (decision: StepDecision) => void) => () => void,
  trouble: (message: string, error: unknown) => void,
): DependentsInTurn {
  const stopping = new AbortController();
  /** Traces to look at, by tenant and trace. */
  const traces = new Map<string, { tenantId: string; traceId: string }>();
  let look = new AbortController();
  let troubled = false;
  const unsubscribe = onStep(({ record, events }) => {
    if (!events.some((event) => telling.has(eventName(event)))) return;
    const { tenantId, traceId } = record.subject;
    traces.set(`${tenantId}/${traceId}`, { tenantId, traceId });
    look.abort();
  });
  const ended = go();
  return {
    async stop() {
      unsubscribe();
      stopping.abort();
      await ended;
    },
  };

  async function go(): Promise<void> {
    let sweepAt = 0;
    while (!stopping.signal.aborted) {
      look = new AbortController();
      const concerned = [...traces.values()];
      traces.clear();
      await attempt(async () => {
        for (const { tenantId, traceId } of concerned) await wakeTrace(system, tenantId, traceId);
      });
      if (performance.now() >= sweepAt) {
        await attempt(() => wakeDependents(system));
        sweepAt = performance.now() + betweenLooksMs;
      }
      if (traces.size > 0) continue;
      const signal = AbortSignal.any([stopping.signal, look.signal]);
      await delay(Math.max(0, sweepAt - performance.now()), undefined, { signal, ref: false }).catch(
        () => undefined,
      );
    }
  }

  /** Told once and not at each look: a database that is away comes back, or others say so too. */
  async function attempt(task: () => Promise<void>): Promise<void> {
    try {
      await task();
      troubled = false;
    } catch (error) {
      if (!troubled) trouble("releases that wait for another module could not be looked at", error);
      troubled = true;
    }
  }
}
