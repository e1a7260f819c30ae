/** A denial in words: which rule decided, or which permits came closest. */
import type { AccessDecision, AccessQuestion, NearestPermit } from "../../domain/access/access-question.ts";
import { actions } from "../../domain/access/actions.ts";
import type { Refusal } from "../../domain/refusal.ts";
import { alternatives } from "../../domain/time-text.ts";

export function refusalOf(
  question: AccessQuestion,
  { rules }: AccessDecision,
  nearest: readonly NearestPermit[],
): Refusal {
  const { principal, resource, action } = question;
  if (resource.tenantId !== principal.tenantId) return foreign(question);
  const held = principal.roles.length === 0 ? "no role" : principal.roles.join(", ");
  const { phrase, refusal } = actions[action];
  const sentence = `${principal.id} (${held}) may not ${phrase} in ${placeWords(question)}`;
  const rule = rules[0];
  if (rule === undefined)
    return {
      code: refusal,
      message: `${sentence}: ${nearestWords(nearest)}.`,
      next: "Ask a person with such a role, or a StudioAdmin to give it to you.",
    };
  const whose = rule.from === "tenant" ? "policy of tenant.yaml" : "policy";
  return {
    code: rule.refusal ?? refusal,
    message: `${sentence}: ${rule.reason.replace(/\.$/, "")} (${whose} ${rule.id}).`,
    next: nextAfter(rule),
  };
}

function nextAfter({ id, refusal }: AccessDecision["rules"][number]): string {
  if (refusal === "TokenScope")
    return "Use a token that reaches as far; how far yours do: connectsoft token ls.";
  if (refusal === "SelfApproval") return "Ask another person with the role for it.";
  if (id === "repository-rights") return "Ask a StudioAdmin, who may change them in tenant.yaml.";
  return "See what decides: connectsoft policy explain.";
}

/** Whether that tenant exists makes no difference to the answer. */
function foreign({ principal, resource }: AccessQuestion): Refusal {
  return {
    code: "TenantForbidden",
    message: `There is no tenant ${resource.tenantId} for ${principal.id}, who belongs to ${principal.tenantId} (policy other-tenant).`,
    next: "Use a token of that tenant, or name your own.",
  };
}

function placeWords({ resource }: AccessQuestion): string {
  const { tenantId, environment, repository, branch, source } = resource;
  if (source !== undefined) return `${tenantId} from ${source}`;
  if (repository !== undefined && branch !== undefined) return `${branch} of ${tenantId}/${repository}`;
  if (repository !== undefined) return `${tenantId}/${repository}`;
  return environment === undefined ? tenantId : `${environment} of ${tenantId}`;
}

function nearestWords(nearest: readonly NearestPermit[]): string {
  if (nearest.length === 0) return "no role may";
  const roles = [...new Set(nearest.flatMap((one) => one.roles))];
  const rules = [...new Set(nearest.map(({ rule }) => rule.id))];
  const claim = nearest[0]?.claim;
  const also = claim === undefined ? "" : ` and the claim ${claim}`;
  return `that takes ${alternatives(roles)}${also} (${rules.length === 1 ? "policy" : "policies"} ${rules.join(", ")})`;
}
