/** The first fact of a delivery: what was handed over, by whom, and where it shall go. Data of `ModuleReady`. */
import { z } from "zod";
import { moduleSpecSchema } from "../module/module-spec.ts";
import { slug } from "../scope.ts";

export const sourceSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("folder"), path: z.string(), tree: z.string() }),
  z.object({
    kind: z.literal("git"),
    /** Without name and password. */
    url: z.string(),
    commit: z.string(),
    /** Of who wrote and who committed that commit. */
    addresses: z.array(z.string()).optional(),
    /** The folder of the repository that was handed over; absent: all of it. */
    folder: z.string().optional(),
    tree: z.string(),
  }),
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
    /** All modules of the trace lie in one repository and travel on one branch, in one pull request. */
    sharedBranch: z.boolean().optional(),
    /** Promotion path: environments in the order in which they are entered. */
    environments: z.array(slug).min(1),
    /** The person on whose authority the delivery runs; never counted in its quorum. */
    sponsor: z.string(),
    /** Who handed it over, where that is a service account of the sponsor's. */
    handedOverBy: z.string().optional(),
    /** Whose delivery it was before: none of them approves it either. */
    formerSponsors: z.array(z.string()).optional(),
    /** What the sponsor may do that lets it run, where that is not handing over: it follows from another act of theirs. */
    authority: z.enum(["rebuild", "rollback"]).optional(),
    /** The host that holds the repository and its processes; host-bound work goes to its queue. */
    host: z.string(),
    /** A service that runs already, with a pipeline of its own: what was handed over is its state. */
    adopted: z.boolean().optional(),
    /** The side that settles passages which the branch and the hand-over changed each in its own way. */
    take: z.enum(["handed-over", "branch"]).optional(),
    /** The released change that this delivery takes back; `source` is what was handed over before it. */
    reverts: z
      .object({
        version: z.string(),
        traceId: z.string(),
        /** The commit with which it landed. */
        commit: z.string(),
        /** What was handed over for it. */
        tree: z.string(),
      })
      .strict()
      .optional(),
    /** Deliveries of the module that this one takes the place of, with what was asked for where one was rejected. */
    supersedes: z.array(z.object({ traceId: z.string(), asked: z.string().optional() }).strict()).optional(),
    editionId: slug.optional(),
    complianceMode: z.boolean(),
    flow: z.object({ name: z.string(), digest: z.string() }),
    environmentFlow: z.object({ name: z.string(), digest: z.string() }),
  })
  .strict();
export type HandOver = z.infer<typeof handOverSchema>;
