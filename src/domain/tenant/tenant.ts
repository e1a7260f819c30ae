/** `tenant.yaml`: people, environments and policy of one tenant. */
import { z } from "zod";
import { agentOverlayKeys } from "../agent/agent-overlays.ts";
import { infrastructureKeys, namingSchema } from "../environment/environment-settings.ts";
import { freezesSchema } from "../freeze/freeze.ts";
import { freezePolicyKeys } from "../freeze/freeze-policy.ts";
import { notificationsSchema } from "../notification/notification-settings.ts";
import { approvalPolicyKeys } from "../release/approval-policy.ts";
import { trafficLimitsSchema } from "../rollout/traffic.ts";
import { slug } from "../scope.ts";
import { subscriptionSettingsSchema } from "../subscription/subscription-settings.ts";
import { secretsAsSchema } from "../vault/secrets-as.ts";
import { vulnerabilitySourceSchema } from "../vulnerability/vulnerability-settings.ts";
import { ownPoliciesSchema, personAccessKeys } from "./access-settings.ts";
import { complianceSchema } from "./compliance.ts";
import { containerSchema } from "./container-settings.ts";
import {
  commitPolicySchema,
  evidencePolicySchema,
  pipelinePolicySchema,
  pullRequestPolicySchema,
  repositoriesSchema,
} from "./delivery-policies.ts";
import { externalGatesSchema } from "./external-gates.ts";
import { gatePolicyKeys } from "./gate-policy.ts";
import { personMarks } from "./person-marks.ts";
import { releasePolicySchemaOf } from "./policy-layers.ts";
import { duration, personId, roleSchema } from "./role.ts";
import { secretPolicyKeys } from "./secret-policy.ts";
import { securityPolicySchema } from "./security-policy.ts";
import { serviceAccountsSchema } from "./service-accounts.ts";
import { signInSchema } from "./sign-in.ts";
import { teamsSchema } from "./teams.ts";
import { vaultSchema } from "./vault-settings.ts";

export { type Role, roleSchema } from "./role.ts";

export const strategySchema = z.enum(["recreate", "rolling", "blue-green", "canary"]);
export type Strategy = z.infer<typeof strategySchema>;

/** A share of the traffic, and how long it is watched before the next one; `promoted`: until a person promotes it. */
const canaryStep = z
  .object({ weight: z.int().min(1).max(99), pause: z.union([duration, z.literal("promoted")]) })
  .strict();

/** Asked during the verification window: HTTP of the release's own port, or a command in its directory. */
const verificationCheck = z
  .object({
    name: slug,
    http: z
      .object({
        path: z.string().startsWith("/"),
        status: z.int().min(100).max(599).default(200),
        contains: z.string().optional(),
      })
      .strict()
      .optional(),
    command: z.array(z.string().min(1)).min(1).optional(),
    timeout: duration.default("10s"),
  })
  .strict()
  .refine(({ http, command }) => (http === undefined) !== (command === undefined), {
    message: "expected exactly one of http and command",
  });

export const verificationSchema = trafficLimitsSchema
  .extend({ window: duration.default("2s"), checks: z.array(verificationCheck).default([]) })
  .strict();

/** How releases are rolled out in an environment. */
export const rolloutPolicySchema = z
  .object({
    strategy: strategySchema.default("blue-green"),
    canary: z
      .array(canaryStep)
      .min(1)
      .default([
        { weight: 10, pause: "10s" },
        { weight: 50, pause: "10s" },
      ]),
    /** Attempts beyond the first, before it is rolled back. */
    retry: z
      .object({ limit: z.int().min(0).max(10).default(0), backoff: duration.default("10s") })
      .strict()
      .prefault({}),
    verification: verificationSchema.prefault({}),
  })
  .strict();
export type RolloutPolicy = z.infer<typeof rolloutPolicySchema>;

export const rollbackPolicySchema = z
  .object({
    /** `held`: a failed rollout stays as it is until a person decides. */
    mode: z.enum(["automatic", "held"]).default("automatic"),
    /** A live release that is unhealthy for so long, without a break, is a regression. */
    unhealthyFor: duration.default("30s"),
    /** What was deployed earlier of the same trace goes back too, in reverse order. */
    wholeTrace: z.boolean().default(false),
    /** A pull request that takes the change back follows, so that git agrees with what runs. */
    revertPullRequest: z.boolean().default(false),
  })
  .strict();

/** The expedited path of a release for which a hotfix was approved; what is absent is as always. */
const hotfixPolicySchema = z
  .object({
    roles: z.array(roleSchema).optional(),
    minApprovers: z.int().min(0).optional(),
    minDelayBeforeDeploy: duration.optional(),
    /** It is held by no freeze. */
    ignoresFreeze: z.boolean().optional(),
  })
  .strict();

export const targetNames = ["process", "container", "systemd"] as const;
export type TargetName = (typeof targetNames)[number];

export const personSchema = z
  .object({ id: personId, roles: z.array(roleSchema), ...personAccessKeys, ...personMarks })
  .strict();

/** One environment's part of `releasePolicy` (2-contracts §6). Unknown keys are refused by name. */
export const environmentPolicySchema = z
  .object({
    requiresApproval: z.boolean().default(false),
    roles: z.array(roleSchema).default(["ProductOwner", "ReleaseManager"]),
    minApprovers: z.int().min(1).default(1),
    minDelayBeforeDeploy: duration.default("0s"),
    requireJustification: z.boolean().default(false),
    requireTests: z.boolean().default(false),
    rollbackAllowed: z.boolean().default(true),
    rollout: rolloutPolicySchema.prefault({}),
    rollback: rollbackPolicySchema.prefault({}),
    hotfix: hotfixPolicySchema.optional(),
    /** What happens to a difference between what runs and what was approved. */
    drift: z.enum(["report", "correct"]).default("report"),
    ...gatePolicyKeys,
    ...freezePolicyKeys,
    ...approvalPolicyKeys,
    ...secretPolicyKeys,
    ...agentOverlayKeys,
  })
  .strict();
export type EnvironmentPolicy = z.infer<typeof environmentPolicySchema>;

export const environmentSchema = z
  .object({
    id: slug,
    target: z.enum(targetNames).default("process"),
    container: containerSchema.optional(),
    provisioner: z.enum(["local"]).default("local"),
    vault: vaultSchema.optional(),
    /** How secrets reach its services, whatever their modules say. */
    secretsAs: secretsAsSchema.optional(),
    ...infrastructureKeys,
  })
  .strict()
  .refine(({ domain, dns }) => dns === undefined || isWithin(domain, dns.zone), {
    path: ["dns", "zone"],
    message: "expected the zone that the environment's `domain` lies in",
  });

function isWithin(domain: string | undefined, zone: string): boolean {
  return domain !== undefined && (domain === zone || domain.endsWith(`.${zone}`));
}

export const tenantSchema = z
  .object({
    id: slug,
    people: z.array(personSchema).min(1),
    separationOfDuties: z.enum(["strict", "single-person"]).default("strict"),
    /** The promotion path is the order of this list. */
    environments: z.array(environmentSchema).min(1),
    releasePolicy: releasePolicySchemaOf(environmentPolicySchema).prefault({}),
    securityPolicy: securityPolicySchema.optional(),
    compliance: complianceSchema,
    naming: namingSchema.prefault({}),
    /** How many releases of each module in each environment are kept to go back to. */
    keep: z
      .object({ releases: z.int().min(2).max(1_000).default(10) })
      .strict()
      .prefault({}),
    repositories: repositoriesSchema,
    commits: commitPolicySchema,
    pullRequests: pullRequestPolicySchema,
    pipelines: pipelinePolicySchema,
    evidence: evidencePolicySchema,
    vulnerabilities: vulnerabilitySourceSchema.optional(),
    freezes: freezesSchema,
    gates: externalGatesSchema,
    policies: ownPoliciesSchema,
    notifications: notificationsSchema,
    subscriptions: subscriptionSettingsSchema,
    serviceAccounts: serviceAccountsSchema,
    signIn: signInSchema.optional(),
    teams: teamsSchema,
  })
  .strict();
export type Tenant = z.infer<typeof tenantSchema>;
