/** What is wrong with who may do what in a tenant: policies that do not fit, contradict themselves or lock people out. */
import type { Mention, PolicyProblem } from "../../domain/access/access-question.ts";
import { type Action, actions } from "../../domain/access/actions.ts";
import { closest } from "../../domain/flow/flow-problem.ts";
import { rolesAsked } from "../../domain/release/approval-policy.ts";
import { effectivePolicy } from "../../domain/release/effective-policy.ts";
import { roleSchema } from "../../domain/tenant/role.ts";
import type { Tenant } from "../../domain/tenant/tenant.ts";
import { alternatives } from "../../domain/time-text.ts";
import type { PolicyDecisions } from "../../ports/policy-decisions.ts";
import { type Answered, enumerateAccess, rolesThatMay, varyAccess } from "./enumerate-access.ts";
import { questionAbout } from "./question-of.ts";

/** An error keeps the tenant from being applied. */
export interface AccessFinding {
  severity: "error" | "warning";
  message: string;
  /** The tenant's own policy that it is about, and the place in it. */
  policy?: string;
  line?: number;
  column?: number;
  suggestion?: string;
}

/** `people`: those that it may name, by default those of the declaration. */
export async function checkAccess(
  decisions: PolicyDecisions,
  tenant: Tenant,
  people: Tenant["people"] = tenant.people,
): Promise<AccessFinding[]> {
  const problems = await decisions.check(tenant.policies);
  const findings = problems.map(findingOf);
  if (problems.some(({ severity }) => severity === "error")) return findings;
  const mentions = await decisions.mentions(tenant.policies);
  findings.push(...strangers({ ...tenant, people }, mentions));
  if (findings.some(({ severity }) => severity === "error")) return findings;
  const answered = await enumerateAccess(decisions, { ...tenant, people }, mentions);
  if (tenant.policies.length > 0) {
    findings.push(...(await idlePolicies(decisions, tenant, answered)));
    findings.push(...lockedRoles(answered), ...lockedActions(answered));
  }
  return [...findings, ...lockedEnvironments(tenant, answered), ...(await lockedTenant(decisions, tenant))];
}

function findingOf({ id, ...problem }: PolicyProblem): AccessFinding {
  return { policy: id, ...problem };
}

function strangers(tenant: Tenant, mentions: readonly Mention[]): AccessFinding[] {
  const known: Record<string, string[]> = {
    Environment: tenant.environments.map(({ id }) => id),
    Person: tenant.people.map(({ id }) => id),
    Tenant: [tenant.id],
  };
  return mentions.flatMap(({ policy, type, id }) => {
    const names = known[type];
    if (names === undefined || names.includes(id)) return [];
    const suggestion = closest(id, names);
    const message = `names ${type}::"${id}", and ${tenant.id} has ${alternatives(names)}`;
    const did = suggestion === undefined ? {} : { suggestion: `did you mean ${suggestion}?` };
    return [{ severity: "error" as const, policy, message, ...did }];
  });
}

/** A policy that decides nothing, whoever asks for whatever, is outweighed by another or says what cannot be. */
async function idlePolicies(
  decisions: PolicyDecisions,
  tenant: Tenant,
  answered: readonly Answered[],
): Promise<AccessFinding[]> {
  const without = (some: readonly Answered[], ids: readonly string[]) => {
    const applied = new Set(
      some.flatMap(({ decision }) =>
        decision.rules.flatMap(({ id, from }) => (from === "tenant" ? [id] : [])),
      ),
    );
    return ids.filter((id) => !applied.has(id));
  };
  const idle = without(
    answered,
    tenant.policies.map(({ id }) => id),
  );
  if (idle.length === 0) return [];
  const still = without(await varyAccess(decisions, tenant, answered), idle);
  return still.map((policy) => ({
    severity: "warning",
    policy,
    message:
      "decides nothing, whoever asks for whatever: what it permits is forbidden by others, or its conditions never hold",
  }));
}

function lockedRoles(answered: readonly Answered[]): AccessFinding[] {
  return roleSchema.options
    .filter((role) => !answered.some((one) => one.role === role && one.decision.allowed))
    .map((role) => ({
      severity: "warning",
      message: `the role ${role} may nothing${because(answered, { role })}`,
    }));
}

/** Needs more than a role: what the built-in policies bind to a claim. */
const claimed: Action[] = ["override-freeze"];

function lockedActions(answered: readonly Answered[]): AccessFinding[] {
  return (Object.keys(actions) as Action[])
    .filter((action) => !claimed.includes(action) && !["approve", "tenant"].includes(action))
    .filter((action) => !answered.some((one) => one.question.action === action && one.decision.allowed))
    .map((action) => ({
      severity: "warning",
      message: `nobody may ${actions[action].phrase} any more${because(answered, { action })}`,
    }));
}

function lockedEnvironments(tenant: Tenant, answered: readonly Answered[]): AccessFinding[] {
  return tenant.environments.flatMap(({ id: environment }): AccessFinding[] => {
    const policy = effectivePolicy(tenant, environment);
    if (!policy.requiresApproval) return [];
    const roles = rolesThatMay(answered, "approve", environment);
    const asked = rolesAsked(policy);
    if (asked.length > 0 && !asked.some((role) => roles.includes(role)))
      return [
        {
          severity: "error",
          message: `nobody can approve ${environment}: it asks for ${alternatives(asked)}, and none of them may${because(answered, { action: "approve", environment })}`,
        },
      ];
    return [];
  });
}

/** Somebody who is declared must be able to change it again: groups of a sign-in run out. */
async function lockedTenant(decisions: PolicyDecisions, tenant: Tenant): Promise<AccessFinding[]> {
  const resource = { tenantId: tenant.id };
  const questions = tenant.people.map(({ id, roles }) =>
    questionAbout(
      tenant,
      { tenantId: tenant.id, person: id, roles, method: "cli" },
      { resource, action: "tenant", own: false },
    ),
  );
  const answers = await decisions.ask(questions, tenant.policies);
  if (answers.some(({ allowed }) => allowed)) return [];
  const rules = [...new Set(answers.flatMap(({ rules }) => rules.map(({ id }) => id)))];
  const why =
    rules.length === 0
      ? "nobody would be StudioAdmin"
      : `${rules.join(" and ")} ${rules.length === 1 ? "forbids" : "forbid"} it to everybody`;
  return [{ severity: "error", message: `${why}, so nobody could change this tenant or its policy again` }];
}

function because(
  answered: readonly Answered[],
  about: { role?: string; action?: Action; environment?: string },
): string {
  const rules = answered
    .filter(({ role, question }) => {
      if (about.role !== undefined && role !== about.role) return false;
      if (about.action !== undefined && question.action !== about.action) return false;
      return about.environment === undefined || question.resource.environment === about.environment;
    })
    .flatMap(({ decision }) => decision.rules.filter(({ from }) => from === "tenant").map(({ id }) => id));
  const names = [...new Set(rules)];
  return names.length === 0 ? "" : ` (${names.join(", ")})`;
}
