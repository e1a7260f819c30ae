/** Who would be let do what, where, and which policies decide it; nobody is asked to do it. */
import { z } from "zod";
import type { AccessDecision, NearestPermit } from "../../domain/access/access-question.ts";
import { peopledTenant } from "../accounts/peopled-tenant.ts";
import type { Caller, System } from "../system.ts";
import { suppose } from "./suppose.ts";

export const explainAccessInput = z.object({
  who: z.string().min(1).max(200),
  what: z.string().min(1).max(100),
  where: z.string().max(200).optional(),
  own: z
    .union([z.boolean(), z.enum(["true", "false"])])
    .transform((own) => own === true || own === "true")
    .optional(),
});

export interface ExplainedAccess extends AccessDecision {
  who: string;
  /** Held for the place. */
  roles: readonly string[];
  what: string;
  /** Where nothing permits it: what would be enough. */
  nearest: NearestPermit[];
  refusal?: string;
}

export async function explainAccess(
  system: System,
  caller: Caller,
  input: z.output<typeof explainAccessInput>,
): Promise<ExplainedAccess> {
  const tenant = await peopledTenant(system, caller.tenantId);
  const { question, decision, nearest, refusal } = await suppose(system.policy, tenant, input);
  return {
    who: input.who,
    roles: question.principal.roles,
    what: question.action,
    ...decision,
    nearest,
    ...(refusal !== undefined && { refusal }),
  };
}
