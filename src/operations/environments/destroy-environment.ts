/** Destroys an environment: services, names, storage, and its settings where that is asked for. */
import { z } from "zod";
import { wantsOf } from "../../domain/environment/wants-of.ts";
import { targetNames } from "../../domain/tenant/tenant.ts";
import type { Destroyed } from "../../ports/provisioner.ts";
import type { TargetPlace } from "../../ports/target.ts";
import { type Caller, type System, sourceOf } from "../system.ts";
import { environmentInput } from "./describe-environments.ts";

export const destroyEnvironmentInput = environmentInput.extend({
  reason: z.string().min(1).max(2_000),
  /** Configuration and secrets go as well. */
  withSettings: z.boolean().default(false),
  /** Also where something serves. */
  serving: z.boolean().default(false),
});

/**
 * Refuses with Conflict where something serves and that was not asked for. A destruction that was cut off is finished
 * by the same call. Each release that served is told on its delivery's chain (`EnvironmentDestroyed`).
 */
export async function destroyEnvironment(
  system: System,
  caller: Caller,
  { environment, ...asked }: z.output<typeof destroyEnvironmentInput>,
): Promise<Destroyed> {
  const known = await system.provisioner.list(caller.tenantId);
  if (!known.some((one) => one.environment === environment))
    wantsOf(await system.tenants.get(caller.tenantId), environment);
  return await system.provisioner.destroy(
    { tenantId: caller.tenantId, environment },
    {
      ...asked,
      by: caller.person,
      serves: (at) => servesThere(system, at),
      dismantle: (at) => dismantle(system, caller, { ...at, environment, reason: asked.reason }),
    },
  );
}

/** On whichever target: the one that the environment names now may not be the one that it named then. */
async function servesThere({ targets }: System, at: TargetPlace): Promise<string | undefined> {
  for (const name of targetNames) {
    const serving = (await targets[name].list(at)).find(({ traffic }) => traffic);
    if (serving !== undefined) return `${at.moduleId} ${serving.version}`;
  }
  return undefined;
}

/**
 * In the module's turn: a deployment that is at work comes to its end first. The ledger says last that nothing serves
 * any more: a call that was cut off before finds what served, and tells it.
 */
async function dismantle(
  system: System,
  caller: Caller,
  at: TargetPlace & { environment: string; reason: string },
): Promise<void> {
  const { namespace, moduleId, environment, reason } = at;
  const place = { tenantId: caller.tenantId, environment, moduleId };
  await system.ledger.inTurn(place, new AbortController().signal, async () => {
    for (const name of targetNames) await system.targets[name].dismantle({ namespace, moduleId });
    const served = await system.ledger.current(place);
    if (served === undefined) return;
    const { releaseId } = served;
    // Told once, however often the destruction is begun again.
    const id = `environment-destroyed.${environment}.${releaseId}.${Date.parse(served.at)}`;
    // What was restored is recorded by the trace that rolled back to it, and still its own delivery's.
    const { tenantId, traceId } = served;
    const owner = (await system.store.findByRelease(tenantId, releaseId)) ?? { tenantId, traceId, moduleId };
    const data = { by: caller.person, reason, namespace, releaseId };
    await system.engine.append(owner, [
      { id, name: "EnvironmentDestroyed", source: sourceOf(caller), environment, data },
    ]);
    const message = `${caller.person} destroyed ${environment}: ${reason}`;
    const { durationMs: _durationMs, retries: _retries, ...entry } = served;
    await system.ledger.record({
      ...entry,
      outcome: "Destroyed",
      reasons: [{ code: "EnvironmentDestroyed", message }],
      at: system.clock.now().toISOString(),
      invocationId: id,
    });
  });
}
