import { z } from "zod";
import { withPolicyFile } from "../../domain/policy/policy-file.ts";
import { permitTenant } from "../permit.ts";
import type { Caller, System } from "../system.ts";
import { changePolicy, type Proposed } from "./change-policy.ts";
import { type Applied, changeOf, currentOf } from "./declared.ts";
import { requireReason } from "./require-reason.ts";

export const proposePolicyInput = z.object({
  text: z.string().max(262_144),
  /** Name of the file for messages. */
  file: z.string().max(1_024).default("policy.yaml"),
  reason: z.string().max(2_000).default(""),
});

/** Proposes what a policy file, or a whole tenant.yaml, would change. */
export async function proposePolicy(
  system: System,
  caller: Caller,
  { text, file, reason }: z.output<typeof proposePolicyInput>,
): Promise<Applied | Proposed> {
  const current = await currentOf(system, caller.tenantId);
  const declared = withPolicyFile(current, { text, name: file });
  await permitTenant(system, caller, declared.tenant.id);
  requireReason(reason, "A change of policy");
  return changePolicy(system, caller, { current, change: changeOf(current, declared), reason, file });
}
