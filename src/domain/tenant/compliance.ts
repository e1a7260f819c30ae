/** `compliance`: what of a tenant is regulated, and so under compliance mode. */
import { z } from "zod";
import { slug, traceSlug } from "../scope.ts";

export const complianceSchema = z
  .object({
    /** All of the tenant. */
    regulated: z.boolean().default(false),
    environments: z.array(slug).default([]),
    modules: z.array(slug).default([]),
    traces: z.array(traceSlug).default([]),
  })
  .strict()
  .prefault({});
export type Compliance = z.infer<typeof complianceSchema>;
