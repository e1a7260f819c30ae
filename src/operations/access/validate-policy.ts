/** Looks a tenant.yaml over before it is applied: what its policies come to, and whom they lock out. */
import { z } from "zod";
import { parseTenant } from "../../domain/tenant/parse-tenant.ts";
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
  const findings = await findInFile(system.policy, tenant, { text, file });
  return {
    file,
    tenantId: tenant.id,
    policies: tenant.policies.length,
    sound: findings.every(({ severity }) => severity !== "error"),
    findings,
  };
}
