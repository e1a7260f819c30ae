/** Hooks as they are, and what they received. Their secrets are never shown again. */
import { z } from "zod";
import { digestOf } from "../../domain/canonical-json.ts";
import type { HookSpec } from "../../domain/hook/hook.ts";
import type { HookReceipt, HookRecord } from "../../ports/hooks.ts";
import type { Caller, System } from "../system.ts";
import { findHook, hookInput } from "./find-hook.ts";

export type { HookReceipt };

export interface Hook extends HookSpec, Omit<HookRecord, "tenantId" | "spec"> {
  /** Where it is called: a path of this server. */
  path: string;
  /** Of what it says: sent back with a change, so that it replaces nothing that was not seen. */
  digest: string;
}

export async function listHooks({ hooks }: System, { tenantId }: Caller): Promise<{ hooks: Hook[] }> {
  return { hooks: (await hooks.list(tenantId)).map(shownHook) };
}

export async function getHook(
  system: System,
  caller: Caller,
  { hook }: z.output<typeof hookInput>,
): Promise<Hook> {
  return shownHook(await findHook(system, caller, hook));
}

export function shownHook({ tenantId, spec, ...rest }: HookRecord): Hook {
  return { ...spec, ...rest, path: `/api/v1/hooks/${tenantId}/${rest.id}`, digest: digestOf(spec) };
}

export const listHookReceiptsInput = hookInput.extend({
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

export async function listHookReceipts(
  system: System,
  caller: Caller,
  { hook, limit }: z.output<typeof listHookReceiptsInput>,
): Promise<{ receipts: HookReceipt[] }> {
  await findHook(system, caller, hook);
  return { receipts: await system.hooks.receipts(caller.tenantId, { hook, limit }) };
}
