/** The order of a trace's modules in each environment that they go to, with where each of them stands now. */
import { z } from "zod";
import { refuse } from "../../domain/refusal.ts";
import { planTrace, type ReleasePlan } from "../../domain/release/release-plan.ts";
import { slug, traceSlug } from "../../domain/scope.ts";
import { alternatives } from "../../domain/time-text.ts";
import { createTraceReader } from "../../engine/read-trace.ts";
import { permitTenant } from "../permit.ts";
import type { Caller, System } from "../system.ts";

export const planOfTraceInput = z.object({
  tenantId: slug,
  traceId: traceSlug,
  environment: slug.optional(),
});

export interface TracePlans {
  tenantId: string;
  traceId: string;
  /** In the order of the promotion path. */
  environments: ReleasePlan[];
}

export async function planOfTrace(
  system: System,
  caller: Caller,
  { tenantId, traceId, environment }: z.output<typeof planOfTraceInput>,
): Promise<TracePlans> {
  await permitTenant(system, caller, tenantId);
  const parts = await system.store.list({ tenantId, traceId, limit: 1_000 });
  if (parts.length === 0)
    throw refuse("NotFound", `There is no trace ${traceId}.`, "See what there is: connectsoft status");
  const records = await Promise.all(parts.map(({ subject }) => system.store.load(subject)));
  const visited = new Set(records.flatMap((record) => record?.handOver?.environments ?? []));
  const tenant = await system.tenants.get(tenantId);
  const path = tenant.environments.map(({ id }) => id).filter((id) => visited.has(id));
  if (environment !== undefined && !path.includes(environment))
    throw refuse(
      "InputInvalid",
      `environment: ${traceId} does not go to ${environment}.`,
      `It goes to ${alternatives(path)}.`,
    );
  const reader = createTraceReader(system);
  const asked = environment === undefined ? path : [environment];
  const views = await Promise.all(asked.map((one) => reader.read({ tenantId, traceId, environment: one })));
  return { tenantId, traceId, environments: views.map(planTrace) };
}
