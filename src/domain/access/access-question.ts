/** A question to the policy decision point, and its answer: who, what, where, under which circumstances. */
import type { RefusalCode } from "../refusal.ts";
import type { Role } from "../tenant/role.ts";
import type { Action } from "./actions.ts";

/** `Agent` is held by agents alone; no person or service account can be given it. */
export type HeldRole = Role | "Agent";

export interface Principal {
  kind: "Person" | "ServiceAccount" | "Agent";
  id: string;
  tenantId: string;
  /** Held for the resource at hand: for the tenant, or for the environment that it is of. */
  roles: readonly HeldRole[];
  /** Held for the tenant or any environment of it. */
  anywhere: readonly HeldRole[];
  /** Such as `override.freeze`. */
  claims: readonly string[];
}

/** The more is named, the more a policy can ask about. */
export interface Resource {
  tenantId: string;
  environment?: string;
  moduleId?: string;
  traceId?: string;
  releaseId?: string;
  repository?: string;
  editionId?: string;
  branch?: string;
  /** Where a module is handed over from. */
  source?: string;
}

export interface Circumstances {
  method: string;
  /** Whether the environment's policy asks for an approval; true where no environment is known. */
  approvalNeeded: boolean;
  /** The caller's own: a change that they handed over or wrote, a token of theirs. */
  own: boolean;
  /** The tenant has one person, who may approve what is their own. */
  singlePerson: boolean;
  /** Roles that the environment's policy asks approvals of; for a delegation, the role that is passed on. */
  rolesAsked: readonly Role[];
  /** The act is outside of what the token that was used is good for. */
  beyondToken?: boolean;
  /** An agent does it in the course of a delivery, whose sponsor is asked as well. */
  sponsored?: boolean;
  /** The tenant's policy keeps it from this agent there. */
  withheld?: boolean;
  /** The branch that it is about, where it is about one. */
  branch?: string;
  /** What the tenant says of its repositories and sources does not let them. */
  beyondRights?: boolean;
}

export interface AccessQuestion {
  principal: Principal;
  action: Action;
  resource: Resource;
  circumstances: Circumstances;
}

/** A policy as answers name it. */
export interface Rule {
  id: string;
  effect: "permit" | "forbid";
  /** One sentence. */
  reason: string;
  /** How it refuses, where it forbids. */
  refusal?: RefusalCode;
  /** `built-in`, or the tenant's own. */
  from: "built-in" | "tenant";
}

export interface AccessDecision {
  allowed: boolean;
  /** What decided: the permits that applied, or the forbids; none where nothing permitted it. */
  rules: Rule[];
  /** Policies that could not be evaluated. One that forbids counts as if it had applied. */
  troubles: string[];
  /** Digest of all policies that were asked, with their schema. */
  digest: string;
}

/** What would have been enough where nothing permitted it. */
export interface NearestPermit {
  rule: Rule;
  /** Any one of these roles, held for the resource. */
  roles: HeldRole[];
  /** The claim that it takes beside the role. */
  claim?: string;
}

/** A policy of a tenant's own: one Cedar statement. */
export interface OwnPolicy {
  id: string;
  cedar: string;
}

/** Something that a policy names: `Environment::"production"`. */
export interface Mention {
  policy: string;
  type: string;
  id: string;
}

export interface PolicyProblem {
  /** The policy that it is about. */
  id: string;
  severity: "error" | "warning";
  message: string;
  /** Within the policy's text, from 1. */
  line: number;
  column: number;
  suggestion?: string;
}
