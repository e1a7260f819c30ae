/** Tells the deliveries on a trace's branch what a person did with it: it stands on their chains and wakes who waits. */
import { traceOfBranch } from "../../domain/pull-request/trace-branch.ts";
import type { Subject } from "../../domain/scope.ts";
import { type Caller, type System, sourceOf } from "../system.ts";

export interface Act {
  repository: string;
  branch: string;
  /** `approved #1`. */
  did: string;
  facts: Record<string, string | number>;
}

/** Where this is cut off, the act itself stands: `connectsoft pr <trace>` wakes the delivery as well. */
export async function tellDeliveries(system: System, caller: Caller, act: Act): Promise<void> {
  const data = { by: caller.person, reason: act.did, ...act.facts };
  for (const subject of await deliveriesOn(system, caller.tenantId, act))
    await system.engine.append(subject, [{ name: "StudioPRAction", source: sourceOf(caller), data }]);
}

async function deliveriesOn(
  system: System,
  tenantId: string,
  { repository, branch }: Act,
): Promise<Subject[]> {
  const trace = traceOfBranch(branch);
  if (trace === undefined) return [];
  const known = await system.store.list({ tenantId, phase: "open", limit: 1_000, ...trace });
  const records = await Promise.all(known.map(({ subject }) => system.store.load(subject)));
  return records.flatMap((record) => (record?.handOver?.repository === repository ? [record.subject] : []));
}
