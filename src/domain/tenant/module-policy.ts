/** What a module, or the blueprint it was made from, asks of its own releases. It only ever adds to the tenant's policy. */
import { z } from "zod";
import { gatePolicyKeys } from "./gate-policy.ts";
import { duration } from "./role.ts";

const { enforceChangeFreeze: _theTenants, ...gates } = gatePolicyKeys;

export const modulePolicySchema = z
  .object({
    requiresApproval: z.boolean().optional(),
    minApprovers: z.int().min(1).optional(),
    minDelayBeforeDeploy: duration.optional(),
    requireJustification: z.boolean().optional(),
    requireTests: z.boolean().optional(),
    ...gates,
  })
  .strict();
