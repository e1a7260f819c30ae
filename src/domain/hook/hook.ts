/** Hooks: addresses of this server that programs outside call, each in the name of a service account, for one thing. */
import { z } from "zod";
import { slug } from "../scope.ts";

/** How a caller proves itself: by what its forge signs or sends, or by Standard Webhooks. */
export const hookKinds = ["github", "gitlab", "azure-devops", "standard"] as const;
export type HookKind = (typeof hookKinds)[number];

const refPattern = z
  .string()
  .regex(/^[A-Za-z0-9_*?][A-Za-z0-9._/*?-]{0,199}$/, "expected a name or pattern such as main or release/*");

const handOver = z
  .object({
    /** Where the module is fetched from. What comes from another repository is ignored. */
    url: z.string().min(1).max(2_048),
    /** Branches and tags that are delivered when they are pushed. */
    branches: z.array(refPattern).max(50).default(["main"]),
    tags: z.array(refPattern).max(50).default([]),
    /** Tags that are delivered when a release of them is published, as GitHub and GitLab have releases. Absent: none. */
    releases: z.array(refPattern).max(50).optional(),
    /** Of the repository: the module's. */
    folder: z.string().max(4_096).optional(),
    moduleId: slug.optional(),
    /** A part of the tenant's promotion path; absent: all of it. */
    environments: z.array(slug).min(1).max(50).optional(),
  })
  .strict();
export type HookHandOver = z.output<typeof handOver>;

export const hookSpecSchema = z
  .object({
    kind: z.enum(hookKinds),
    /** The service account in whose name it acts: without `service:`. */
    account: slug,
    /** Hands a module over. Absent: what comes is a CloudEvent, taken as `POST /events` takes it. */
    handOver: handOver.optional(),
    description: z.string().trim().max(200).optional(),
  })
  .strict();
export type HookSpec = z.output<typeof hookSpecSchema>;

/** What a call is about, as its sender says it. */
export interface HookCall {
  /** Of this delivery, the same when it is sent again. */
  id: string;
  /** Its type in the sender's words. */
  event: string;
}

/** What has to be done for it. */
export type HookWish =
  | { kind: "hand-over"; commit?: string; ref: string; traceId: string }
  | { kind: "event"; event: object };
