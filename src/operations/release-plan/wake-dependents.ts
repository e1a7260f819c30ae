/**
 * Tells releases that wait for another module what became of it: DependencyDeployed or DependencyFailed, once for
 * each time that it came to serve, or failed. Looked at again it finds what was told, so nothing is lost when a look
 * is cut off.
 */
import type { EventDraft } from "../../domain/event/event.ts";
import { type Readiness, readinessOf } from "../../domain/release/trace-view.ts";
import { type Subject, subjectKey } from "../../domain/scope.ts";
import { createTraceReader } from "../../engine/read-trace.ts";
import { fetchFlows } from "../find-delivery.ts";
import type { System } from "../system.ts";

const told = ["DependencyDeployed", "DependencyFailed"] as const;

/** The modules of one trace. */
export async function wakeTrace(system: System, tenantId: string, traceId: string): Promise<void> {
  const parts = await system.store.list({ tenantId, traceId, phase: "open", limit: 1_000 });
  if (parts.length < 2) return;
  for (const { subject } of parts) await wake(system, subject);
}

/** Whatever waits, of all tenants: also for modules of other traces, and after a crash. */
export async function wakeDependents(system: System): Promise<void> {
  const waiting = await Promise.all(
    ["delayed", "awaiting_approval"].map((state) =>
      system.store.list({ phase: "open", state, dependent: true, limit: 10_000 }),
    ),
  );
  const subjects = new Map(waiting.flat().map(({ subject }) => [subjectKey(subject), subject]));
  for (const subject of subjects.values()) await wake(system, subject);
}

async function wake(system: System, subject: Subject): Promise<void> {
  const { engine, store } = system;
  const record = await store.load(subject);
  const dependsOn = record?.handOver?.module.dependsOn ?? [];
  if (record === undefined || dependsOn.length === 0) return;
  await fetchFlows(system, record);
  const environments = record.handOver?.environments ?? [];
  const drafts: EventDraft[] = [];
  for (const { environment, flow, halted, snapshot } of Object.values(record.state.instances)) {
    if (environment === undefined || halted === true) continue;
    const accepted = engine.flows.get(flow.digest).accepts(snapshot, { environments, environment });
    if (!told.some((name) => accepted.includes(name))) continue;
    const view = await createTraceReader(system).read({ ...subject, environment });
    const news = dependsOn.flatMap((moduleId) => draftOf(moduleId, environment, readinessOf(view, moduleId)));
    drafts.push(...news.filter(({ name }) => accepted.includes(name)));
  }
  if (drafts.length === 0) return;
  const known = new Set((await store.events(subject, { names: [...told] })).map(({ id }) => id));
  const fresh = drafts.filter(({ id }) => id === undefined || !known.has(id));
  if (fresh.length > 0) await engine.append(subject, fresh);
}

function draftOf(moduleId: string, environment: string, readiness: Readiness): EventDraft[] {
  const base = { source: "/engine", environment };
  const id = `dependency.${environment}.${moduleId}`;
  switch (readiness.status) {
    case "ready": {
      const { releaseId, occurrence } = readiness;
      const data = { moduleId, releaseId };
      return [{ ...base, id: `${id}.${releaseId}.${occurrence}.deployed`, name: "DependencyDeployed", data }];
    }
    case "failed": {
      const { failureId, occurrence, words, next } = readiness;
      const reasons = [{ code: "DependencyNotReady", message: words, next }];
      const data = { moduleId, releaseId: failureId, reasons };
      return [{ ...base, id: `${id}.${occurrence}.failed`, name: "DependencyFailed", data }];
    }
    case "waiting":
    case "unknown":
      return [];
  }
}
