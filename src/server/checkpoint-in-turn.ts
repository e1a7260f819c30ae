/**
 * Publishes a checkpoint of each tenant's log every so often, and soon after a deployment of this process ended. Steps
 * do not wait for it, and what comes at once becomes one checkpoint. Every chain is looked at when a server begins, and
 * then seldom: between, those that changed lately, in whichever process.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { StepDecision } from "../domain/delivery/step.ts";
import { eventName } from "../domain/event/event.ts";
import type { EventName } from "../domain/event/event-catalogue.ts";
import { RefusalError } from "../domain/refusal.ts";
import { subjectKey } from "../domain/scope.ts";
import type { System } from "../operations/system.ts";
import type { ChainsConcerned } from "../ports/audit-log.ts";
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
/** Of so many looks one is at every chain. */
const looksToWhole = 10;
/** How far a look at what changed lately reaches, in times between two of them: one may fail, or begin late. */
const lately = 3;

interface Surroundings {
  env: NodeJS.ProcessEnv;
  onStep: (listener: (decision: StepDecision) => void) => () => void;
  trouble: (message: string, error: unknown) => void;
}

export function checkpointInTurn({ auditLog }: Pick<System, "auditLog">, around: Surroundings): Repeated {
  const everyMs = Number(around.env.CONNECTSOFT_CHECKPOINT_INTERVAL_MS) || 60_000;
  const stopping = new AbortController();
  /** By tenant. */
  const concerned = new Map<string, ChainsConcerned>();
  /** What was told of a tenant last: the same is told once. */
  const told = new Map<string, string>();
  /** Since every chain was looked at. */
  let looks = 0;
  let wake = new AbortController();
  const unsubscribe = around.onStep(({ record, events }) => {
    if (!events.some((event) => ends.has(eventName(event)))) return;
    const { tenantId } = record.subject;
    const { subjects } = concerned.get(tenantId) ?? { subjects: [] };
    // Without names a look is about to come that sees this one too.
    if (subjects !== undefined)
      concerned.set(tenantId, { subjects: [...subjects, subjectKey(record.subject)] });
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
        const look: ChainsConcerned = looks % looksToWhole === 0 ? {} : { changedWithinMs: lately * everyMs };
        await attempt("every tenant", async () => {
          for (const tenantId of await auditLog.tenants()) concerned.set(tenantId, look);
        });
        looks += 1;
        allAt = performance.now() + everyMs;
      }
      for (const [tenantId, chains] of concerned) {
        concerned.delete(tenantId);
        await attempt(tenantId, async () => void (await auditLog.checkpoint(tenantId, chains)));
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
      looks = 0;
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
