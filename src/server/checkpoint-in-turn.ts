/**
 * Publishes a checkpoint of each tenant's log every so often, and soon after a deployment of this process ended. Steps
 * do not wait for it, and what comes at once becomes one checkpoint.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { StepDecision } from "../domain/delivery/step.ts";
import { eventName } from "../domain/event/event.ts";
import type { EventName } from "../domain/event/event-catalogue.ts";
import { RefusalError } from "../domain/refusal.ts";
import { subjectKey } from "../domain/scope.ts";
import type { System } from "../operations/system.ts";
import type { Repeated } from "./repeat.ts";

const ends: ReadonlySet<EventName> = new Set<EventName>([
  "DeploymentCompleted",
  "DeploymentFailed",
  "RollbackCompleted",
  "RollbackFailed",
  "ReleasePublished",
]);
/** Deployments that end within it are covered together. */
const gatherMs = 1_000;

interface Surroundings {
  env: NodeJS.ProcessEnv;
  onStep: (listener: (decision: StepDecision) => void) => () => void;
  trouble: (message: string, error: unknown) => void;
}

export function checkpointInTurn({ auditLog }: Pick<System, "auditLog">, around: Surroundings): Repeated {
  const everyMs = Number(around.env.CONNECTSOFT_CHECKPOINT_INTERVAL_MS) || 60_000;
  const stopping = new AbortController();
  /** Deliveries to take in, by tenant; undefined: all of them. */
  const concerned = new Map<string, Set<string> | undefined>();
  /** What was told of a tenant last: the same is told once. */
  const told = new Map<string, string>();
  let wake = new AbortController();
  const unsubscribe = around.onStep(({ record, events }) => {
    if (!events.some((event) => ends.has(eventName(event)))) return;
    const { tenantId } = record.subject;
    if (!concerned.has(tenantId)) concerned.set(tenantId, new Set());
    concerned.get(tenantId)?.add(subjectKey(record.subject));
    wake.abort();
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
    let allAt = 0;
    while (!stopping.signal.aborted) {
      wake = new AbortController();
      if (performance.now() >= allAt) {
        await attempt("every tenant", async () => {
          for (const tenantId of await auditLog.tenants()) concerned.set(tenantId, undefined);
        });
        allAt = performance.now() + everyMs;
      }
      for (const [tenantId, subjects] of concerned) {
        concerned.delete(tenantId);
        const some = subjects === undefined ? undefined : [...subjects];
        await attempt(tenantId, async () => void (await auditLog.checkpoint(tenantId, some)));
      }
      const untilAll = Math.max(0, allAt - performance.now());
      await pause(untilAll, AbortSignal.any([stopping.signal, wake.signal]));
      await pause(Math.min(gatherMs, untilAll), stopping.signal);
    }
  }

  /** A database that is away comes back; one that does not fit what was published is told of by name. */
  async function attempt(what: string, task: () => Promise<void>): Promise<void> {
    try {
      await task();
      told.delete(what);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const away = error instanceof RefusalError && error.refusal.code === "Unavailable";
      if (told.get(what) !== message && !away && !stopping.signal.aborted)
        around.trouble(`no checkpoint could be published of ${what}`, error);
      told.set(what, message);
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
