/** Hooks as they are, and what they received. Their secrets are never shown again. */
import { z } from "zod";
import type { HookSpec } from "../../domain/hook/hook.ts";
import { refuse } from "../../domain/refusal.ts";
import { slug } from "../../domain/scope.ts";
import type { HookReceipt, HookRecord } from "../../ports/hooks.ts";
import type { Caller, System } from "../system.ts";

export type { HookReceipt };

export const hookInput = z.object({ hook: slug });

export interface Hook extends HookSpec, Omit<HookRecord, "tenantId" | "spec"> {
  /** Where it is called: a path of this server. */
  path: string;
}

export async function listHooks({ hooks }: System, { tenantId }: Caller): Promise<{ hooks: Hook[] }> {
  return { hooks: (await hooks.list(tenantId)).map(shownHook) };
}

export function shownHook({ tenantId, spec, ...rest }: HookRecord): Hook {
  return { ...spec, ...rest, path: `/api/v1/hooks/${tenantId}/${rest.id}` };
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

export async function findHook({ hooks }: System, { tenantId }: Caller, id: string): Promise<HookRecord> {
  return (await hooks.get({ tenantId, id })) ?? missingHook(tenantId, id);
}

export function missingHook(tenantId: string, id: string): never {
  throw refuse("NotFound", `${tenantId} has no hook ${id}.`, "See what there is: connectsoft hook ls");
}
