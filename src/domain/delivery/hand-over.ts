/** The first fact of a delivery: what was handed over, by whom, and where it shall go. Data of `ModuleReady`. */
import { z } from "zod";
import { moduleSpecSchema } from "../module/module-spec.ts";
import { slug } from "../scope.ts";

export const sourceSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("folder"), path: z.string(), tree: z.string() }),
  z.object({ kind: z.literal("git"), url: z.string(), commit: z.string(), tree: z.string() }),
]);
export type Source = z.infer<typeof sourceSchema>;

export const handOverSchema = z
  .object({
    /** The bytes, already safe in the module's repository: `tree` is a git tree id. */
    source: sourceSchema,
    module: moduleSpecSchema,
    /** Repository name in the embedded forge, `<tenantId>/<moduleId>`, or `<tenantId>/<name>` of a monorepo. */
    repository: z.string(),
    /** The module's folder in the repository, without slashes at its ends; empty: the repository's root. */
    folder: z.string().default(""),
    targetBranch: z.string(),
    /** Promotion path: environments in the order in which they are entered. */
    environments: z.array(slug).min(1),
    /** The person on whose authority the delivery runs; never counted in its quorum. */
    sponsor: z.string(),
    /** The host that holds the repository and its processes; host-bound work goes to its queue. */
    host: z.string(),
    editionId: slug.optional(),
    complianceMode: z.boolean(),
    flow: z.object({ name: z.string(), digest: z.string() }),
    environmentFlow: z.object({ name: z.string(), digest: z.string() }),
  })
  .strict();
export type HandOver = z.infer<typeof handOverSchema>;
