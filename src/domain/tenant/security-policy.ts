/** `securityPolicy`: the form that says for a whole tenant what must be approved, signed and kept closed. */
import { z } from "zod";
import { slug } from "../scope.ts";
import { personId, roleSchema } from "./role.ts";

export const approverSchema = z.object({ user: personId, role: roleSchema }).strict();
/** A person who may vote, and as what. */
export type Approver = z.infer<typeof approverSchema>;

export const securityPolicySchema = z
  .object({
    requireApprovalFor: z
      .array(z.object({ environment: slug, roles: z.array(roleSchema).min(1) }).strict())
      .optional(),
    requireSignedImages: z.boolean().optional(),
    enforceChangeFreeze: z.boolean().optional(),
    /** By tenant, so that one text may serve several: only a tenant's own list concerns it. */
    allowedApprovers: z.record(slug, z.array(approverSchema)).optional(),
  })
  .strict();
