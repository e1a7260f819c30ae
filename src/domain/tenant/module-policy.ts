/** What a module, or the blueprint it was made from, asks of its own releases. It only ever adds to the tenant's policy. */
import { z } from "zod";
import { gatePolicyKeys, scanPolicySchema } from "./gate-policy.ts";
import { duration } from "./role.ts";

/** What is the tenant's to say: what becomes of a finding, who may build and sign, what is waited for, whether freezes hold. */
const {
  scan: _scan,
  builders: _builders,
  signers: _signers,
  enforceChangeFreeze: _freezes,
  waitForEvidence: _wait,
  ...gates
} = gatePolicyKeys;

export const modulePolicySchema = z
  .object({
    requiresApproval: z.boolean().optional(),
    minApprovers: z.int().min(1).optional(),
    minDelayBeforeDeploy: duration.optional(),
    requireJustification: z.boolean().optional(),
    requireTests: z.boolean().optional(),
    ...gates,
    scan: scanPolicySchema.pick({ maxSeverity: true, maxFindings: true }).optional(),
  })
  .strict();
