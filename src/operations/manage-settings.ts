/** Configuration and secrets of an environment. Values of secrets go in and never come out. */
import { z } from "zod";
import { wantsOf } from "../domain/environment/wants-of.ts";
import { slug } from "../domain/scope.ts";
import type { SecretReference, SettingScope } from "../ports/settings.ts";
import { permit } from "./permit.ts";
import type { Caller, System } from "./system.ts";
import { wakeDelayed } from "./wake-delayed.ts";

export type { SecretReference };

const settingName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, "expected a name of an environment variable such as DATABASE_URL");
const placeInput = z.object({ environment: slug, moduleId: slug.optional() });

export const listSettingsInput = placeInput;
export const setSettingInput = placeInput.extend({ name: settingName, value: z.string().max(65_536) });
export const unsetSettingInput = placeInput.extend({ name: settingName });

type Place = z.output<typeof placeInput>;

export async function listConfig(
  system: System,
  caller: Caller,
  place: Place,
): Promise<Record<string, string>> {
  return system.settings.listConfig(await scopeOf(system, caller, place));
}

export async function setConfig(
  system: System,
  caller: Caller,
  input: z.output<typeof setSettingInput>,
): Promise<{ name: string }> {
  const scope = await scopeOfChange(system, caller, input);
  await system.settings.setConfig(scope, input.name, input.value);
  await wakeDelayed(system, caller, { ...input, reason: `${input.name} was set` });
  return { name: input.name };
}

export async function unsetConfig(
  system: System,
  caller: Caller,
  input: z.output<typeof unsetSettingInput>,
): Promise<{ removed: boolean }> {
  const removed = await system.settings.unsetConfig(await scopeOfChange(system, caller, input), input.name);
  if (removed) await wakeDelayed(system, caller, { ...input, reason: `${input.name} was removed` });
  return { removed };
}

export async function listSecrets(system: System, caller: Caller, place: Place): Promise<SecretReference[]> {
  return system.settings.listSecrets(await scopeOf(system, caller, place));
}

export async function setSecret(
  system: System,
  caller: Caller,
  input: z.output<typeof setSettingInput>,
): Promise<SecretReference> {
  const scope = await scopeOfChange(system, caller, input);
  const set = await system.settings.setSecret(scope, input.name, input.value);
  await wakeDelayed(system, caller, { ...input, reason: `${input.name} was set` });
  return set;
}

export async function unsetSecret(
  system: System,
  caller: Caller,
  input: z.output<typeof unsetSettingInput>,
): Promise<{ removed: boolean }> {
  const removed = await system.settings.unsetSecret(await scopeOfChange(system, caller, input), input.name);
  if (removed) await wakeDelayed(system, caller, { ...input, reason: `${input.name} was removed` });
  return { removed };
}

async function scopeOfChange(system: System, caller: Caller, place: Place): Promise<SettingScope> {
  const { environment, moduleId } = place;
  await permit(system, caller, { action: "settings", environment, moduleId });
  return scopeOf(system, caller, place);
}

async function scopeOf(system: System, caller: Caller, place: Place): Promise<SettingScope> {
  const { environment, moduleId } = place;
  const tenant = await system.tenants.get(caller.tenantId);
  wantsOf(tenant, environment);
  const scope = { tenantId: caller.tenantId, environment };
  return moduleId === undefined ? scope : { ...scope, moduleId };
}
