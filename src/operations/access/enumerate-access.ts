/** Asks every role about every action in every scope of a tenant: what the policies come to, found by trying. */
import type {
  AccessDecision,
  AccessQuestion,
  HeldRole,
  Mention,
  Resource,
} from "../../domain/access/access-question.ts";
import { type Action, actions } from "../../domain/access/actions.ts";
import { type Role, roleSchema } from "../../domain/tenant/role.ts";
import type { Tenant } from "../../domain/tenant/tenant.ts";
import type { PolicyDecisions } from "../../ports/policy-decisions.ts";
import type { Caller } from "../system.ts";
import { questionAbout } from "./question-of.ts";

export interface Answered {
  /** The role that is held, and nothing else; absent for a person or an agent by name. */
  role?: Role;
  question: AccessQuestion;
  decision: AccessDecision;
}

/** Each role by itself, whoever is named by a policy, and an agent; in the tenant, each environment and each module named. */
export async function enumerateAccess(
  decisions: PolicyDecisions,
  tenant: Tenant,
  mentions: readonly Mention[],
): Promise<Answered[]> {
  // The built-in policies by themselves lock nobody out; people may still lack the roles that approve.
  const some: Action[] = tenant.policies.length === 0 ? ["approve"] : allActions;
  const asked = principals(tenant, mentions).flatMap(({ role, caller }) =>
    scopes(tenant, mentions).flatMap((resource) =>
      some.map((action) => ({
        ...(role !== undefined && { role }),
        question: questionAbout(tenant, caller, { resource, action, own: false }),
      })),
    ),
  );
  return await answer(decisions, tenant, asked);
}

/** The same questions under other circumstances: by other ways, about what is the caller's own, and with a claim. */
export async function varyAccess(
  decisions: PolicyDecisions,
  tenant: Tenant,
  answered: readonly Answered[],
): Promise<Answered[]> {
  const asked = answered.flatMap(({ role, question }) =>
    variants(question).map((varied) => ({ ...(role !== undefined && { role }), question: varied })),
  );
  return await answer(decisions, tenant, asked);
}

const allActions = Object.keys(actions) as Action[];

async function answer(
  decisions: PolicyDecisions,
  tenant: Tenant,
  asked: readonly Omit<Answered, "decision">[],
): Promise<Answered[]> {
  const questions = asked.map(({ question }) => question);
  const answers = await decisions.ask(questions, tenant.policies);
  return asked.flatMap((one, index) => {
    const decision = answers[index];
    return decision === undefined ? [] : [{ ...one, decision }];
  });
}

function principals(tenant: Tenant, mentions: readonly Mention[]): { role?: Role; caller: Caller }[] {
  const caller = (person: string, roles: Role[]): Caller => ({
    tenantId: tenant.id,
    person,
    roles,
    method: "cli",
  });
  const named = [...new Set(mentions.filter(({ type }) => type in prefixes).map(nameOf))];
  return [
    ...roleSchema.options.map((role) => ({ role, caller: caller("somebody", [role]) })),
    ...named.map((id) => ({ caller: caller(id, tenant.people.find((one) => one.id === id)?.roles ?? []) })),
    ...roleSchema.options.map((role) => ({ caller: caller("service:any", [role]) })),
    { caller: caller("agent:any", []) },
  ];
}

const prefixes: Record<string, string> = { Person: "", ServiceAccount: "service:", Agent: "agent:" };

function nameOf({ type, id }: Mention): string {
  const prefix = prefixes[type] ?? "";
  return id.startsWith(prefix) ? id : `${prefix}${id}`;
}

function scopes(tenant: Tenant, mentions: readonly Mention[]): Resource[] {
  const tenantId = tenant.id;
  const named = (type: string) => [
    ...new Set(mentions.filter((one) => one.type === type).map(({ id }) => id)),
  ];
  const modules = named("Module");
  const places = tenant.environments.flatMap(({ id: environment }) => [
    { tenantId, environment },
    ...modules.map((moduleId) => ({ tenantId, environment, moduleId })),
  ]);
  return [
    { tenantId },
    ...places,
    ...modules.map((moduleId) => ({ tenantId, moduleId })),
    ...named("Repository").map((repository) => ({ tenantId, repository })),
    ...named("Release").map((releaseId) => ({ tenantId, releaseId })),
  ];
}

function variants(question: AccessQuestion): AccessQuestion[] {
  const { principal, circumstances, resource } = question;
  const under = (more: Partial<AccessQuestion["circumstances"]>) => ({
    ...question,
    circumstances: { ...circumstances, ...more },
  });
  const of = (more: Partial<Resource>) => ({ ...question, resource: { ...resource, ...more } });
  return [
    under({ own: true }),
    under({ method: "studio" }),
    under({ method: "api" }),
    under({ approvalNeeded: !circumstances.approvalNeeded }),
    { ...question, principal: { ...principal, claims: ["override.freeze"] } },
    of({ traceId: "any-trace", moduleId: resource.moduleId ?? "any-module" }),
    of({ releaseId: "release-000001" }),
    of({ repository: "any-repository" }),
  ];
}

export function rolesThatMay(
  answered: readonly Answered[],
  action: Action,
  environment?: string,
): HeldRole[] {
  const roles = answered.flatMap(({ role, question, decision }) => {
    const here = question.action === action && question.resource.environment === environment;
    return role !== undefined && here && decision.allowed && question.resource.moduleId === undefined
      ? [role]
      : [];
  });
  return [...new Set(roles)];
}
