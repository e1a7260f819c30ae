import { z } from "zod";
import { slug, traceSlug } from "../domain/scope.ts";
import type { DeliverySummary } from "../ports/engine-store.ts";
import { permitTenant } from "./permit.ts";
import type { Caller, System } from "./system.ts";

export type { DeliverySummary };

export const listDeliveriesInput = z.object({
  tenantId: slug.optional(),
  traceId: traceSlug.optional(),
  moduleId: slug.optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(50),
});

/** Deliveries of the caller's tenant, newest first. */
export async function listDeliveries(
  system: System,
  caller: Caller,
  input: z.output<typeof listDeliveriesInput>,
): Promise<DeliverySummary[]> {
  if (input.tenantId !== undefined) await permitTenant(system, caller, input.tenantId);
  const { traceId, moduleId, limit } = input;
  return system.store.list({
    tenantId: caller.tenantId,
    limit,
    ...(traceId !== undefined && { traceId }),
    ...(moduleId !== undefined && { moduleId }),
  });
}
