/**
 * Makes, changes and ends hooks. Whoever has a hook's secret acts as its service account, so that to make one takes what
 * a token of that account takes.
 */
import { z } from "zod";
import { type HookSpec, hookSpecSchema } from "../../domain/hook/hook.ts";
import type { JournalAct } from "../../domain/journal/journal-entry.ts";
import type { JsonObject } from "../../domain/json.ts";
import { refuse } from "../../domain/refusal.ts";
import { slug } from "../../domain/scope.ts";
import { signingSecretSchema } from "../../domain/subscription/signing-secret.ts";
import { permit } from "../permit.ts";
import { promotionPath } from "../promotion-path.ts";
import type { Caller, System } from "../system.ts";
import { findHook, type Hook, hookInput, missingHook, shownHook } from "./show-hook.ts";

const most = 200;

export interface HookWithSecret {
  hook: Hook;
  /** Shown this once: what the sender is given. */
  secret: string;
}

const secretSchema = z
  .string()
  .regex(/^[\x21-\x7e]{16,200}$/, "expected 16 to 200 printable characters without spaces")
  .optional();

export const createHookInput = hookSpecSchema.extend({
  /** Its name, which is a part of its address. */
  id: slug,
  /** Absent: one is made. */
  secret: secretSchema,
});

export async function createHook(
  system: System,
  caller: Caller,
  { id, secret: given, ...spec }: z.output<typeof createHookInput>,
): Promise<HookWithSecret> {
  await checkHook(system, caller, spec);
  const secret = checkedSecret(system, spec, given);
  const { tenantId, person } = caller;
  if ((await system.hooks.list(tenantId)).length >= most)
    throw refuse("Conflict", `${tenantId} has ${most} hooks already.`, "Remove one that nobody needs.");
  if (!(await system.hooks.add({ tenantId, id }, { spec, secret, by: person })))
    throw refuse("Conflict", `${tenantId} has a hook ${id} already.`, "Give the new one another id.");
  await record(system, caller, { act: "HookMade", id, spec });
  return { hook: shownHook(await findHook(system, caller, id)), secret };
}

export const updateHookInput = hookSpecSchema.extend(hookInput.shape);

/** Replaces what it says. Its kind stays, as its secret does. */
export async function updateHook(
  system: System,
  caller: Caller,
  { hook: id, ...spec }: z.output<typeof updateHookInput>,
): Promise<Hook> {
  const { tenantId, person } = caller;
  const before = await findHook(system, caller, id);
  if (before.spec.kind !== spec.kind)
    throw refuse(
      "InputInvalid",
      `kind: ${id} is called by ${before.spec.kind}, and its secret is good for that.`,
      "Make another hook.",
    );
  await checkHook(system, caller, spec);
  const changed = await system.hooks.change({ tenantId, id }, { spec, by: person });
  await record(system, caller, { act: "HookChanged", id, spec });
  return shownHook(changed ?? missingHook(tenantId, id));
}

export const rotateHookInput = hookInput.extend({ secret: secretSchema });

/** The secret so far is good no more. */
export async function rotateHookSecret(
  system: System,
  caller: Caller,
  { hook: id, secret: given }: z.output<typeof rotateHookInput>,
): Promise<HookWithSecret> {
  const { tenantId, person } = caller;
  const { spec } = await findHook(system, caller, id);
  await checkHook(system, caller, spec);
  const secret = checkedSecret(system, spec, given);
  const changed = await system.hooks.change({ tenantId, id }, { spec, secret, by: person });
  await record(system, caller, { act: "HookSecretRotated", id });
  return { hook: shownHook(changed ?? missingHook(tenantId, id)), secret };
}

/** With what it received. */
export async function deleteHook(
  system: System,
  caller: Caller,
  { hook: id }: z.output<typeof hookInput>,
): Promise<{ removed: string }> {
  const { spec } = await findHook(system, caller, id);
  const removed = await system.hooks.remove({ tenantId: caller.tenantId, id });
  if (removed) await record(system, caller, { act: "HookEnded", id, spec });
  return { removed: id };
}

async function checkHook(system: System, caller: Caller, spec: HookSpec): Promise<void> {
  const tenant = await system.tenants.get(caller.tenantId);
  const account = tenant.serviceAccounts.find(({ id }) => id === spec.account);
  const own = account?.owner !== undefined && account.owner === caller.person;
  await permit(system, caller, { action: "token", own });
  if (account === undefined)
    throw refuse(
      "NotFound",
      `account: ${tenant.id} has no service account ${spec.account}.`,
      `It has ${tenant.serviceAccounts.map(({ id }) => id).join(", ") || "none"}; more are declared in tenant.yaml.`,
    );
  promotionPath(tenant, spec.handOver?.environments);
  const [branch = "", ...others] = spec.handOver?.branches ?? ["main"];
  if (spec.kind === "standard" && (others.length > 0 || !/^[^*?]+$/.test(branch)))
    throw refuse(
      "InputInvalid",
      "handOver.branches: Standard Webhooks name no branch: expected the one that is delivered at each call.",
    );
  if (spec.handOver === undefined && spec.kind !== "standard")
    throw refuse(
      "InputInvalid",
      `handOver: what ${spec.kind} sends is no CloudEvent, so that a hand-over is all that it can begin.`,
      "Name the repository: handOver: {url}.",
    );
}

function checkedSecret({ hooks }: System, { kind }: HookSpec, given: string | undefined): string {
  if (given === undefined) return hooks.mintSecret(kind);
  const signs = kind === "standard" || (kind === "gitlab" && given.startsWith("whsec_"));
  const parsed = signs ? signingSecretSchema.safeParse(given) : undefined;
  if (parsed?.success !== false) return given;
  throw refuse("InputInvalid", `secret: ${parsed.error.issues[0]?.message}.`);
}

interface Changed {
  act: Extract<JournalAct, `Hook${string}`>;
  id: string;
  spec?: HookSpec;
}

async function record(
  system: System,
  { tenantId, person }: Caller,
  { act, ...data }: Changed,
): Promise<void> {
  const plain = JSON.parse(JSON.stringify(data)) as JsonObject;
  await system.journal.append(tenantId, [{ act, actor: person, data: plain }]);
}
