/**
 * Makes, changes and ends hooks. Whoever has a hook's secret acts as its service account, so that to make one takes what
 * a token of that account takes.
 */
import { z } from "zod";
import { type HookSpec, hookSpecSchema } from "../../domain/hook/hook.ts";
import { refuse } from "../../domain/refusal.ts";
import { slug } from "../../domain/scope.ts";
import { signingSecretSchema } from "../../domain/subscription/signing-secret.ts";
import { permit } from "../permit.ts";
import { promotionPath } from "../promotion-path.ts";
import {
  missing,
  recordRegistration,
  register,
  registrationDigest,
  removeRegistration,
  replaceSpec,
} from "../registrations/registrations.ts";
import type { Caller, System } from "../system.ts";
import { findHook, hookInput, hookKind } from "./find-hook.ts";
import { type Hook, shownHook } from "./show-hook.ts";

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
  return { hook: shownHook(await register(hookKind, { system, caller, id, spec, secret })), secret };
}

export const updateHookInput = hookSpecSchema.extend({
  ...hookInput.shape,
  /** Of what it said when it was read. Absent: whatever it says by now is replaced. */
  digest: registrationDigest.optional(),
});

/** Replaces what it says. Its kind stays, as its secret does. */
export async function updateHook(
  system: System,
  caller: Caller,
  { hook: id, digest, ...spec }: z.output<typeof updateHookInput>,
): Promise<Hook> {
  const before = await findHook(system, caller, id);
  if (before.spec.kind !== spec.kind)
    throw refuse(
      "InputInvalid",
      `kind: ${id} is called by ${before.spec.kind}, and its secret is good for that.`,
      "Make another hook.",
    );
  await checkHook(system, caller, spec);
  return shownHook(await replaceSpec(hookKind, { system, caller, before, spec, digest }));
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
  const rotated = await system.hooks.rotate({ tenantId, id }, { secret, by: person });
  if (rotated === undefined) throw missing(hookKind, { tenantId, id });
  await recordRegistration(system, caller, { act: "HookSecretRotated", id });
  return { hook: shownHook(rotated), secret };
}

/** With what it received. */
export async function deleteHook(
  system: System,
  caller: Caller,
  { hook: id }: z.output<typeof hookInput>,
): Promise<{ removed: string }> {
  return await removeRegistration(hookKind, { system, caller, id });
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
  if (!["github", "gitlab"].includes(spec.kind) && (spec.handOver?.releases ?? []).length > 0)
    throw refuse(
      "InputInvalid",
      `handOver.releases: ${spec.kind} tells of no releases of a repository.`,
      "Deliver its tags when they are pushed: handOver: {tags}.",
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
