/**
 * Has the releases that wait in a place looked at again, because a setting changed: it may be what a held one
 * waits for, and it is part of what people are asked to approve.
 */
import { subjectKey } from "../domain/scope.ts";
import { fetchFlows } from "./find-delivery.ts";
import { type Caller, type System, sourceOf } from "./system.ts";

export interface Change {
  environment: string;
  /** Absent: every module of the environment. */
  moduleId?: string | undefined;
  reason: string;
}

/** Where this is cut off, the release goes on waiting: the same change again, or RetryDelayed, wakes it. */
export async function wakeDelayed(system: System, caller: Caller, change: Change): Promise<void> {
  const { environment, moduleId, reason } = change;
  const { tenantId } = caller;
  const module = moduleId === undefined ? {} : { moduleId };
  const waiting = await Promise.all(
    ["delayed", "awaiting_approval"].map((state) =>
      system.store.list({ tenantId, phase: "open", state, limit: 1_000, ...module }),
    ),
  );
  const subjects = new Map(waiting.flat().map(({ subject }) => [subjectKey(subject), subject]));
  for (const subject of subjects.values()) {
    const record = await system.store.load(subject);
    const instance = record?.state.instances[environment];
    if (record === undefined || instance === undefined) continue;
    await fetchFlows(system, record);
    const flow = system.engine.flows.get(instance.flow.digest);
    const environments = record.handOver?.environments ?? [];
    if (
      instance.halted ||
      !flow.accepts(instance.snapshot, { environments, environment }).includes("RetryDelayed")
    )
      continue;
    const data = { by: caller.person, reason, settings: true };
    await system.engine.append(subject, [
      { name: "RetryDelayed", source: sourceOf(caller), environment, data },
    ]);
  }
}
