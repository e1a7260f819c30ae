/** What an environment's policy says of freezes. Everything is optional. */
import { z } from "zod";
import { parseDuration } from "../flow/duration.ts";
import { duration } from "../tenant/role.ts";

export const freezePolicyKeys = {
  freezeOverride: z
    .object({
      /** Characters that a reason has at least. */
      minReason: z.int().min(10).max(1_000).optional(),
      /** How long an override holds at most. */
      longest: duration.optional(),
    })
    .strict()
    .optional(),
};

export interface OverrideLimits {
  minReason: number;
  longest: string;
  longestMs: number;
}

export function overrideLimits(policy: {
  freezeOverride?: { minReason?: number | undefined; longest?: string | undefined } | undefined;
}): OverrideLimits {
  const { minReason = 20, longest = "8h" } = policy.freezeOverride ?? {};
  return { minReason, longest, longestMs: parseDuration(longest) ?? 0 };
}
