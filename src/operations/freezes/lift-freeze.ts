/**
 * Lifts a freeze that was set by command. It takes two people: one asks, another does it within a day. What the freeze
 * held is looked at again at once.
 */
import { z } from "zod";
import type { SetFreeze } from "../../domain/freeze/set-freezes.ts";
import { refuse } from "../../domain/refusal.ts";
import { slug } from "../../domain/scope.ts";
import type { Tenant } from "../../domain/tenant/tenant.ts";
import { peopledTenant } from "../accounts/peopled-tenant.ts";
import type { Caller, System } from "../system.ts";
import { wakeDelayed } from "../wake-delayed.ts";

export const liftFreezeInput = z.object({
  id: slug,
  reason: z.string().trim().min(1, "say why, for those who read the record").max(2_000),
});

export interface LiftAnswer {
  id: string;
  lifted: boolean;
  /** What happened and what is next, one sentence. */
  note: string;
}

const askHoldsMs = 24 * 60 * 60 * 1_000;

export async function liftFreeze(
  system: System,
  caller: Caller,
  { id, reason }: z.output<typeof liftFreezeInput>,
): Promise<LiftAnswer> {
  const { tenantId, person } = caller;
  const tenant = await peopledTenant(system, tenantId);
  const freeze = await findSetFreeze(system, tenant, id);
  const now = await system.freezes.newestTime(tenantId, system.clock.now());
  const asked = freeze.liftAsked;
  const stands = asked !== undefined && Date.parse(asked.at) + askHoldsMs > now.getTime();
  const alone = tenant.separationOfDuties === "single-person" && tenant.people.length === 1;
  if (!alone && (!stands || asked.by === person)) {
    if (!stands)
      await system.journal.append(tenantId, [
        { act: "FreezeLiftAsked", actor: person, data: { id, reason } },
      ]);
    const note = `${id} still holds: lifting it takes a second person, who says the same within a day: connectsoft freeze lift ${id} --reason "..."`;
    return { id, lifted: false, note };
  }
  const askedBy = stands ? asked.by : person;
  const data = { id, reason, askedBy, ...(alone && { note: "lifted alone, single person" }) };
  await system.journal.append(tenantId, [{ act: "FreezeLifted", actor: person, data }]);
  await wakeHeld(system, caller, { tenant, freeze });
  return { id, lifted: true, note: `${id} is lifted; what it held goes on where nothing else holds it.` };
}

async function findSetFreeze(system: System, tenant: Tenant, id: string): Promise<SetFreeze> {
  const found = (await system.freezes.read(tenant.id)).find((one) => one.id === id);
  if (found === undefined)
    throw refuse(
      "NotFound",
      `${tenant.id} has no freeze ${id}.`,
      "See what there is: connectsoft freeze list",
    );
  if (found.setBy !== undefined) return found as SetFreeze;
  throw refuse(
    "Conflict",
    `${id} is declared in tenant.yaml and is not lifted by command.`,
    "Take it out of the file, or override it for one release: studio override-freeze <release>",
  );
}

async function wakeHeld(
  system: System,
  caller: Caller,
  { tenant, freeze }: { tenant: Tenant; freeze: SetFreeze },
): Promise<void> {
  const environments = freeze.environments ?? tenant.environments.map(({ id }) => id);
  for (const environment of environments)
    for (const moduleId of freeze.modules ?? [undefined])
      await wakeDelayed(system, caller, {
        environment,
        moduleId,
        reason: `the freeze ${freeze.id} was lifted`,
      });
}
