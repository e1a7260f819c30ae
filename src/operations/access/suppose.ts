/** A question that nobody has asked yet: who would be let do what, where, by the policies of a tenant. */
import type {
  AccessDecision,
  AccessQuestion,
  NearestPermit,
  Resource,
} from "../../domain/access/access-question.ts";
import { type Action, actions } from "../../domain/access/actions.ts";
import { closest } from "../../domain/flow/flow-problem.ts";
import { refuse } from "../../domain/refusal.ts";
import { type Role, roleSchema } from "../../domain/tenant/role.ts";
import type { Tenant } from "../../domain/tenant/tenant.ts";
import type { PolicyDecisions } from "../../ports/policy-decisions.ts";
import type { Caller } from "../system.ts";
import { questionAbout } from "./question-of.ts";
import { refusalOf } from "./refusal-of.ts";

export interface Supposed {
  /** A person of the tenant, a role (or several, with `+`) that nobody in particular holds, `agent:...` or `service:...`. */
  who: string;
  what: string;
  /**
   * `<environment>`, `<environment>/<module>` or `/<module>`; `repository:<name>` with `@<branch>` where it is about one;
   * absent: the tenant.
   */
  where?: string | undefined;
  /** It is what they handed over or wrote themselves. */
  own?: boolean | undefined;
  method?: Caller["method"] | undefined;
}

export interface Supposition {
  question: AccessQuestion;
  decision: AccessDecision;
  nearest: NearestPermit[];
  /** How it would be refused. */
  refusal?: string;
}

/** Refuses with InputInvalid a person, action or place that there is not. */
export async function suppose(
  decisions: PolicyDecisions,
  tenant: Tenant,
  { who, what, where, own = false, method = "cli" }: Supposed,
): Promise<Supposition> {
  const caller = { ...callerOf(tenant, who), method };
  const resource = { tenantId: tenant.id, ...placeOf(tenant, where) };
  const question = questionAbout(tenant, caller, { resource, action: actionOf(what), own });
  const [decision] = await decisions.ask([question], tenant.policies);
  if (decision === undefined) throw new Error("a question had no answer");
  if (decision.allowed) return { question, decision, nearest: [] };
  const nearest = decision.rules.length > 0 ? [] : await decisions.nearest(question, tenant.policies);
  const { code, message } = refusalOf(question, decision, nearest);
  return { question, decision, nearest, refusal: `${code}: ${message}` };
}

function callerOf(tenant: Tenant, who: string): Caller {
  const base = { tenantId: tenant.id, person: who, method: "cli" as const };
  const person = tenant.people.find(({ id }) => id === who);
  if (person !== undefined) return { ...base, roles: person.roles };
  if (/^(agent|service):./.test(who)) return { ...base, roles: [] };
  const parts = who.split("+");
  const roles = parts.filter((part): part is Role => roleSchema.options.some((role) => role === part));
  if (roles.length === parts.length) return { ...base, person: "somebody", roles };
  const known = [...tenant.people.map(({ id }) => id), ...roleSchema.options];
  throw unknown("who", who, { known, says: `a person of ${tenant.id}, a role, agent:<id> or service:<id>` });
}

function actionOf(what: string): Action {
  if (Object.hasOwn(actions, what)) return what as Action;
  throw unknown("what", what, { known: Object.keys(actions), says: "an action of docs/reference/policy.md" });
}

const repositoryPrefix = "repository:";

function placeOf(tenant: Tenant, where = ""): Omit<Resource, "tenantId"> {
  if (where === "" || where === "tenant") return {};
  if (where.startsWith(repositoryPrefix)) {
    const [repository = "", branch] = where.slice(repositoryPrefix.length).split(/@(.*)/s);
    return { repository, ...(branch !== undefined && { branch }) };
  }
  const [environment = "", moduleId] = where.split("/");
  const known = tenant.environments.map(({ id }) => id);
  if (environment !== "" && !known.includes(environment))
    throw unknown("where", where, {
      known,
      says: "<environment>, <environment>/<module>, /<module> or repository:<name>@<branch>",
    });
  return { ...(environment !== "" && { environment }), ...(moduleId !== undefined && { moduleId }) };
}

function unknown(field: string, found: string, { known, says }: { known: string[]; says: string }) {
  const near = closest(found, known);
  const hint = near === undefined ? `There are: ${known.join(", ")}.` : `Did you mean ${near}?`;
  return refuse("InputInvalid", `${field}: expected ${says}; found "${found}".`, hint);
}
