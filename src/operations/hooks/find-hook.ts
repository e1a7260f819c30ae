import { z } from "zod";
import type { HookSpec } from "../../domain/hook/hook.ts";
import { slug } from "../../domain/scope.ts";
import type { HookRecord } from "../../ports/hooks.ts";
import { findRegistration, type Kind } from "../registrations/registrations.ts";
import type { Caller, System } from "../system.ts";

export const hookInput = z.object({ hook: slug });

export const hookKind: Kind<HookSpec, HookRecord> = { noun: "Hook", kept: ({ hooks }) => hooks };

export async function findHook(system: System, caller: Caller, id: string): Promise<HookRecord> {
  return await findRegistration(hookKind, { system, caller, id });
}
