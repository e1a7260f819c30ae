/** What is the same for subscriptions and hooks: they are made, found, changed and removed, and each act is on record. */
import { z } from "zod";
import { digestOf } from "../../domain/canonical-json.ts";
import { plainJson } from "../../domain/json.ts";
import { refuse } from "../../domain/refusal.ts";
import type { Registration, RegistrationPlace, Registrations } from "../../ports/registrations.ts";
import type { Caller, System } from "../system.ts";

/** Of one tenant and kind: each costs a look at whatever happens. */
const most = 200;

export interface Kind<Spec, Kept extends Registration<Spec>> {
  noun: "Subscription" | "Hook";
  kept(system: System): Registrations<Spec, Kept>;
}

/** Of what it says, and of nothing else: who sends it back changes nothing that they have not seen. */
export const registrationDigest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, "expected the digest of what is changed, as it was read");

export async function findRegistration<Spec, Kept extends Registration<Spec>>(
  kind: Kind<Spec, Kept>,
  { system, caller: { tenantId }, id }: { system: System; caller: Caller; id: string },
): Promise<Kept> {
  const found = await kind.kept(system).get({ tenantId, id });
  if (found !== undefined) return found;
  throw missing(kind, { tenantId, id });
}

export function missing({ noun }: Pick<Kind<never, never>, "noun">, { tenantId, id }: RegistrationPlace) {
  const word = noun.toLowerCase();
  return refuse("NotFound", `${tenantId} has no ${word} ${id}.`, `See what there is: connectsoft ${word} ls`);
}

export async function register<Spec, Kept extends Registration<Spec>>(
  kind: Kind<Spec, Kept>,
  { system, caller, id, ...made }: { system: System; caller: Caller; id: string; spec: Spec; secret: string },
): Promise<Kept> {
  const { tenantId, person: by } = caller;
  const word = kind.noun.toLowerCase();
  if ((await kind.kept(system).list(tenantId)).length >= most)
    throw refuse("Conflict", `${tenantId} has ${most} ${word}s already.`, "Remove one that nobody needs.");
  if (!(await kind.kept(system).add({ tenantId, id }, { ...made, by })))
    throw refuse(
      "Conflict",
      `${tenantId} has a ${word} ${id} already.`,
      `Change it, or give the new one another id: connectsoft ${word} ls`,
    );
  await recordRegistration(system, caller, { act: `${kind.noun}Made`, id, spec: made.spec as object });
  return await findRegistration(kind, { system, caller, id });
}

interface Replacing<Spec, Kept> {
  system: System;
  caller: Caller;
  before: Kept;
  spec: Spec;
  /** Of what it replaces. Absent: whatever is there. */
  digest: string | undefined;
}

/** Refuses with Conflict where it is not any more what whoever changes it has seen. */
export async function replaceSpec<Spec extends object, Kept extends Registration<Spec>>(
  kind: Kind<Spec, Kept>,
  { system, caller, before, spec, digest }: Replacing<Spec, Kept>,
): Promise<Kept> {
  const { tenantId, id } = before;
  if (digest !== undefined && digest !== digestOf(before.spec)) throw changedSince(kind, before);
  const from = digest === undefined ? {} : { from: before.spec };
  const changed = await kind.kept(system).change({ tenantId, id }, { spec, by: caller.person, ...from });
  if (changed === undefined) throw changedSince(kind, await findRegistration(kind, { system, caller, id }));
  await recordRegistration(system, caller, { act: `${kind.noun}Changed`, id, spec });
  return changed;
}

function changedSince<Spec, Kept extends Registration<Spec>>({ noun }: Kind<Spec, Kept>, now: Kept): Error {
  return refuse(
    "Conflict",
    `${now.id} says something else since it was read: ${now.changedBy} changed it at ${now.changedAt}. Nothing of yours was kept.`,
    `Look at what it says now, and change that: connectsoft ${noun.toLowerCase()} ls`,
  );
}

export async function removeRegistration<Spec extends object, Kept extends Registration<Spec>>(
  kind: Kind<Spec, Kept>,
  { system, caller, id }: { system: System; caller: Caller; id: string },
): Promise<{ removed: string }> {
  const { tenantId, spec } = await findRegistration(kind, { system, caller, id });
  if (await kind.kept(system).remove({ tenantId, id }))
    await recordRegistration(system, caller, { act: `${kind.noun}Ended`, id, spec });
  return { removed: id };
}

interface Act {
  act:
    | `${Kind<unknown, never>["noun"]}${"Made" | "Changed" | "SecretRotated" | "Ended"}`
    | `Subscription${"Paused" | "Resumed"}`;
  id: string;
  spec?: object;
  overlap?: string;
  reason?: string | undefined;
  skipped?: number;
}

export async function recordRegistration(
  system: System,
  { tenantId, person }: Caller,
  { act, ...data }: Act,
): Promise<void> {
  await system.journal.append(tenantId, [{ act, actor: person, data: plainJson(data) }]);
}
