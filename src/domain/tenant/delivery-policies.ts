/** The parts of `tenant.yaml` that say how code travels: commits, pull requests, pipelines, evidence from outside. */
import { z } from "zod";
import { slug } from "../scope.ts";
import { outsideSignersSchema } from "./outside-signers.ts";
import { repositoryRightsKeys } from "./repository-rights.ts";

export const repositoriesSchema = z
  .object({
    /** `monorepo`: every module is a folder of one repository. */
    layout: z.enum(["repository-per-module", "monorepo"]).default("repository-per-module"),
    /** Name of the monorepo. */
    name: slug.default("modules"),
    /** Folder of the modules in the monorepo, without slashes at its ends. */
    folder: z
      .string()
      .regex(
        /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$|^$/,
        "expected a folder such as services, without slashes at its ends",
      )
      .default("modules"),
    targetBranch: z.string().min(1).max(200).default("main"),
    ...repositoryRightsKeys,
  })
  .strict()
  .prefault({});

const identity = z.object({ name: z.string().min(1), email: z.string().min(3) }).strict();

/** What commits say and who they are by: an agent's overlay may say it otherwise for some modules. */
export const commitMessageKeys = {
  /** Types of Conventional Commits that are taken; empty: any. */
  types: z.array(z.string()).default([]),
  maxSubjectLength: z.int().min(30).max(200).default(100),
  /** A regular expression that the subject must match, beside Conventional Commits. */
  pattern: z.string().refine(isExpression, "expected a regular expression").optional(),
  /** Who is the author: the agent, the sponsor of the delivery, or an identity of the tenant's own. */
  author: z.union([z.enum(["agent", "sponsor"]), identity]).default("agent"),
  /** Absent: the author, or the agent where the author is a person. */
  committer: identity.optional(),
  /** Whether CHANGELOG.md of a module gets a section for each version. */
  changelog: z.boolean().default(true),
};

export const commitPolicySchema = z
  .object({
    ...commitMessageKeys,
    /** Every commit that a delivery builds upon carries a good signature of a trusted signer. */
    requireSigned: z.boolean().default(false),
    /** Commits up to this one are taken as they are: the day on which signatures began. */
    signedSince: z
      .string()
      .regex(/^[0-9a-f]{40}$/, "expected the full id of a commit")
      .optional(),
    sign: z
      .object({ format: z.enum(["ssh", "openpgp"]), key: z.string().min(1) })
      .strict()
      .optional(),
    /** Lines of git's allowed-signers file. */
    trustedSshSigners: z.array(z.string()).default([]),
    /** Armoured public keys. */
    trustedOpenPgpKeys: z.array(z.string()).default([]),
    /** Paths (globs) that the search for secrets passes over, such as test fixtures. */
    secretScanIgnores: z.array(z.string()).default([]),
  })
  .strict()
  .refine(({ requireSigned, sign }) => !requireSigned || sign !== undefined, {
    path: ["requireSigned"],
    message: "needs commits.sign: the agents' own commits would be refused otherwise",
  })
  .prefault({});
export type CommitPolicy = z.infer<typeof commitPolicySchema>;

/** What pull requests say and who merges them: an agent's overlay may say it otherwise for some modules. */
export const pullRequestTextKeys = {
  /** Markdown with `{{placeholders}}`; absent: the built-in one. */
  template: z.string().optional(),
  labels: z.array(z.string()).default([]),
  /** Beside those that CODEOWNERS names. */
  reviewers: z.array(z.string()).default([]),
  /** `by-person`: what is tested and reviewed waits until somebody merges it. */
  merge: z.enum(["automatic", "by-person"]).default("automatic"),
};

export const pullRequestPolicySchema = z
  .object({
    ...pullRequestTextKeys,
    requiredApprovals: z.int().min(0).max(10).default(0),
    mergeMethod: z.enum(["merge", "squash", "rebase"]).default("merge"),
    /** One pull request a module, or one for all modules of a trace in a monorepo. */
    oneFor: z.enum(["module", "trace"]).default("module"),
  })
  .strict()
  .prefault({});

export const dialectNames = ["azure-pipelines", "github-actions", "gitlab-ci"] as const;

/** Which files are generated: an agent's overlay may say it otherwise for some modules. */
export const generatedFilesKeys = {
  dialects: z.array(z.enum(dialectNames)).default([...dialectNames]),
  chart: z.boolean().default(true),
  manifests: z.boolean().default(true),
  infrastructure: z.boolean().default(true),
};

export const pipelinePolicySchema = z.object(generatedFilesKeys).strict().prefault({});
export type PipelinePolicy = z.infer<typeof pipelinePolicySchema>;

export const evidencePolicySchema = z
  .object({
    /** Who may state evidence from outside, and what kinds. */
    producers: z
      .array(
        z
          .object({
            id: slug,
            kinds: z
              .array(z.enum(["tests", "coverage", "scan", "sbom", "regression", "policy", "signature"]))
              .min(1),
            /** The person whose token alone may state it: a team's CI has an account of its own. */
            tokenOf: z.string().optional(),
          })
          .strict(),
      )
      .default([]),
    signers: outsideSignersSchema,
  })
  .strict()
  .prefault({});
export type EvidencePolicy = z.infer<typeof evidencePolicySchema>;

function isExpression(pattern: string): boolean {
  try {
    return new RegExp(pattern, "u") instanceof RegExp;
  } catch {
    return false;
  }
}
