/** `tenant.yaml`: people, environments and policy of one tenant. */
import { z } from "zod";
import { slug } from "../scope.ts";
import {
  commitPolicySchema,
  evidencePolicySchema,
  pipelinePolicySchema,
  pullRequestPolicySchema,
  repositoriesSchema,
} from "./delivery-policies.ts";

export const roleSchema = z.enum([
  "Developer",
  "DevOpsEngineer",
  "Deployer",
  "InfraAdmin",
  "CloudArchitect",
  "ProductOwner",
  "ReleaseManager",
  "SecurityReviewer",
  "StudioApprover",
  "StudioAdmin",
  "Auditor",
]);
export type Role = z.infer<typeof roleSchema>;

const duration = z.string().regex(/^\d+(s|m|h|d)$/, "expected a duration such as 30s, 10m, 2h or 3d");
const personId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/, "expected a name such as jane.doe");

export const personSchema = z.object({ id: personId, roles: z.array(roleSchema) }).strict();

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
  })
  .strict();
export type EnvironmentPolicy = z.infer<typeof environmentPolicySchema>;

export const environmentSchema = z
  .object({
    id: slug,
    target: z.enum(["process"]).default("process"),
    provisioner: z.enum(["local"]).default("local"),
  })
  .strict();

export const tenantSchema = z
  .object({
    id: slug,
    people: z.array(personSchema).min(1),
    separationOfDuties: z.enum(["strict", "single-person"]).default("strict"),
    /** The promotion path is the order of this list. */
    environments: z.array(environmentSchema).min(1),
    releasePolicy: z
      .object({ environments: z.record(slug, environmentPolicySchema) })
      .strict()
      .default({ environments: {} }),
    repositories: repositoriesSchema,
    commits: commitPolicySchema,
    pullRequests: pullRequestPolicySchema,
    pipelines: pipelinePolicySchema,
    evidence: evidencePolicySchema,
  })
  .strict();
export type Tenant = z.infer<typeof tenantSchema>;
