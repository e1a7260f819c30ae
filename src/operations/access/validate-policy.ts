/** Looks a tenant.yaml over before it is applied: what its policies come to, and whom they lock out. */
import { z } from "zod";
import { type LockOut, lockOuts } from "../../domain/policy/lock-outs.ts";
import { parseTenant } from "../../domain/tenant/parse-tenant.ts";
import type { Tenant } from "../../domain/tenant/tenant.ts";
import type { Caller, System } from "../system.ts";
import type { AccessFinding } from "./check-access.ts";
import { findInFile } from "./require-sound-access.ts";

export const validatePolicyInput = z.object({
  /** Absent: the declaration that holds now. */
  text: z.string().max(262_144).optional(),
  /** Name of the file for messages. */
  file: z.string().max(1_024).default("tenant.yaml"),
});

export interface PolicyReport {
  file: string;
  tenantId: string;
  policies: number;
  /** Whether it could be applied. */
  sound: boolean;
  findings: AccessFinding[];
}

/** Refuses with PolicyInvalid what is no tenant.yaml at all. */
export async function validatePolicy(
  system: System,
  caller: Caller,
  { text: given, file }: z.output<typeof validatePolicyInput>,
): Promise<PolicyReport> {
  const text = given ?? (await system.tenants.declaration(caller.tenantId)).text;
  const tenant = parseTenant(text, file);
  const findings = await findInFile(system, tenant, { tenantId: caller.tenantId, text, file });
  findings.push(...newLockOuts(await system.tenants.get(caller.tenantId), tenant));
  return {
    file,
    tenantId: tenant.id,
    policies: tenant.policies.length,
    sound: findings.every(({ severity }) => severity !== "error"),
    findings,
  };
}

/** Whom it would leave unable to act for want of people. What was so before keeps nothing from being applied. */
function newLockOuts(before: Tenant, after: Tenant): AccessFinding[] {
  const text = ({ nobodyCould, because }: LockOut) => `nobody could ${nobodyCould}: ${because}`;
  const known = lockOuts(before).map(text);
  return lockOuts(after)
    .filter(({ nobodyCould }) => nobodyCould !== "change this tenant again")
    .map((one) => ({
      severity: known.includes(text(one)) ? ("warning" as const) : ("error" as const),
      message: text(one),
    }));
}
