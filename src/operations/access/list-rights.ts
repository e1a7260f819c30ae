/** What the caller may do, and why not what they may not: a window shows closed actions with the reason. */
import { z } from "zod";
import { type Action, actions } from "../../domain/access/actions.ts";
import { slug } from "../../domain/scope.ts";
import type { Caller, System } from "../system.ts";
import { mayDoEach } from "./may-do.ts";

export const listRightsInput = z.object({
  /** Absent: the tenant as a whole. */
  environment: slug.optional(),
});

export interface Right {
  action: Action;
  allowed: boolean;
  /** Where it is not allowed: the sentence that the act would be refused with, and what helps. */
  why?: string;
  next?: string;
}

/** Nobody is asked to do it and nothing is recorded; each act asks again when it is done. */
export async function listRights(
  system: System,
  caller: Caller,
  { environment }: z.output<typeof listRightsInput>,
): Promise<Right[]> {
  const names = Object.keys(actions) as Action[];
  const wishes = names.map((action) => ({ action, environment }));
  const possible = await mayDoEach(system, caller, wishes);
  return names.map((action, index) => ({ action, ...(possible[index] ?? { allowed: false }) }));
}
