/** What `tenant.yaml` says of access beside roles for the whole tenant: roles by environment, claims, policies of its own. */
import { z } from "zod";
import { slug } from "../scope.ts";
import { roleSchema } from "./role.ts";

/** Of one person. */
export const personAccessKeys = {
  /** Roles that hold in one environment only, beside those for the tenant. */
  environments: z.record(slug, z.array(roleSchema)).optional(),
  /** What a role alone is not enough for, such as `override.freeze`. */
  claims: z
    .array(
      z
        .string()
        .max(100)
        .regex(/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*$/, "expected a claim such as override.freeze"),
    )
    .optional(),
};

/** Cedar statements beside the built-in ones; what they say in Cedar is checked when the tenant is applied. */
export const ownPoliciesSchema = z
  .array(z.object({ id: slug, cedar: z.string().min(1).max(16_384) }).strict())
  .max(100)
  .default([]);
