import { refuse } from "../../domain/refusal.ts";
import { cycleThrough, type ModuleNode } from "../../domain/release/module-graph.ts";
import type { Subject } from "../../domain/scope.ts";
import type { System } from "../system.ts";

/**
 * Refuses with ModuleInvalid a module that would wait for itself, directly or by others of its trace. Of two that
 * are handed over at the same moment neither sees the other: then their gate holds them, with the same words.
 */
export async function refuseCycle(
  { store }: Pick<System, "store">,
  { tenantId, traceId, moduleId }: Subject,
  dependsOn: readonly string[],
): Promise<void> {
  if (dependsOn.length === 0) return;
  const parts = await store.list({ tenantId, traceId, limit: 1_000 });
  const records = await Promise.all(parts.map(({ subject }) => store.load(subject)));
  const others = records.flatMap((record): ModuleNode[] =>
    record === undefined || record.subject.moduleId === moduleId
      ? []
      : [{ moduleId: record.subject.moduleId, dependsOn: record.handOver?.module.dependsOn ?? [] }],
  );
  const cycle = cycleThrough([...others, { moduleId, dependsOn }], moduleId);
  if (cycle === undefined) return;
  throw refuse(
    "ModuleInvalid",
    `dependsOn: ${moduleId} would wait for itself: ${cycle.join(" needs ")}.`,
    "Take one of these out of dependsOn in module.yaml and deliver again.",
  );
}
