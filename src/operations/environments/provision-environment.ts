/**
 * Provisions what the modules of an environment share, and mends what drifted. It takes a person with InfraAdmin or
 * CloudArchitect; what a module needs for itself comes with its delivery, and under its approval.
 */
import { z } from "zod";
import type { Change } from "../../domain/environment/resource.ts";
import { wantsOf } from "../../domain/environment/wants-of.ts";
import { refuse } from "../../domain/refusal.ts";
import type { NamespaceRequest } from "../../ports/provisioner.ts";
import { type Caller, type System, sourceOf } from "../system.ts";
import { environmentInput, environmentRequest } from "./describe-environments.ts";

export const provisionEnvironmentInput = environmentInput.extend({
  /** Whether something that is there may be taken away. */
  deletions: z.boolean().default(false),
});

export interface ProvisionedEnvironment {
  namespace: string;
  changes: Change[];
  /** What had drifted and is as it was applied again, by module. */
  mended: { moduleId: string; changes: Change[] }[];
  /** Traces that had waited for it. */
  woken: string[];
}

export async function provisionEnvironment(
  system: System,
  caller: Caller,
  { environment, deletions }: z.output<typeof provisionEnvironmentInput>,
): Promise<ProvisionedEnvironment> {
  const place = { tenantId: caller.tenantId, environment };
  const wants = wantsOf(await system.tenants.get(caller.tenantId), environment);
  const own = await apply(system, environmentRequest(place, wants), deletions);
  const mended: ProvisionedEnvironment["mended"] = [];
  for (const request of await system.provisioner.applied(place)) {
    if (request.moduleId === undefined) continue;
    // As it was applied, not as it is declared now: that comes with the module's next delivery.
    const { changes } = await apply(system, request, deletions);
    if (changes.length > 0) mended.push({ moduleId: request.moduleId, changes });
  }
  return { ...own, mended, woken: await wake(system, caller, environment) };
}

async function apply({ provisioner }: System, request: NamespaceRequest, deletions: boolean) {
  const { digest, namespace, changes } = await provisioner.plan(request);
  const gone = changes.filter(({ action }) => action === "delete");
  if (gone.length > 0 && !deletions)
    throw refuse(
      "Conflict",
      `That would take away ${gone.map(({ kind, name }) => `${kind} ${name}`).join(", ")} of ${request.environment}. Nothing was changed.`,
      `Where that is meant: connectsoft provision --env ${request.environment} --delete`,
    );
  if (changes.length > 0) await provisioner.apply(request, digest);
  return { namespace, changes };
}

/** Deliveries that wait for it look again. Where this is cut off, they look by themselves within a minute. */
async function wake(system: System, caller: Caller, environment: string): Promise<string[]> {
  const { tenantId, person } = caller;
  const waiting = await system.store.list({
    tenantId,
    phase: "open",
    state: "planning_infrastructure",
    limit: 1_000,
  });
  const woken: string[] = [];
  for (const { subject } of waiting) {
    const record = await system.store.load(subject);
    const open = Object.values(record?.state.invocations ?? {});
    const waits = open.some(
      (one) => one.environment === environment && one.wakeOn.includes("ProvisionRequested"),
    );
    if (!waits) continue;
    const data = { by: person, reason: `${environment} was provisioned` };
    await system.engine.append(subject, [
      { name: "ProvisionRequested", source: sourceOf(caller), environment, data },
    ]);
    woken.push(subject.traceId);
  }
  return woken;
}
