/** Has the releases that are held in a place looked at again, because something that they may wait for has changed. */
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
  const held = await system.store.list({
    tenantId,
    phase: "open",
    state: "delayed",
    limit: 1_000,
    ...(moduleId !== undefined && { moduleId }),
  });
  for (const { subject } of held) {
    const record = await system.store.load(subject);
    const instance = record?.state.instances[environment];
    if (record === undefined || instance === undefined) continue;
    await fetchFlows(system, record);
    const flow = system.engine.flows.get(instance.flow.digest);
    const environments = record.handOver?.environments ?? [];
    if (!flow.accepts(instance.snapshot, { environments, environment }).includes("RetryDelayed")) continue;
    const data = { by: caller.person, reason };
    await system.engine.append(subject, [
      { name: "RetryDelayed", source: sourceOf(caller), environment, data },
    ]);
  }
}
