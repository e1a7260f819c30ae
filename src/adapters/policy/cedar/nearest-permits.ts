/** Which permits came closest: the same question is asked once for each role that the caller does not hold there. */
import type {
  AccessDecision,
  AccessQuestion,
  HeldRole,
  NearestPermit,
} from "../../../domain/access/access-question.ts";
import { roleSchema } from "../../../domain/tenant/role.ts";

type Decide = (question: AccessQuestion) => AccessDecision;

/** Claims that the built-in policies ask for. */
const claims = ["override.freeze"];

export function nearestPermits(decide: Decide, question: AccessQuestion): NearestPermit[] {
  const found = byRule(decide, question);
  if (found.length > 0) return found;
  return claims
    .filter((claim) => !question.principal.claims.includes(claim))
    .flatMap((claim) => {
      const { principal } = question;
      const claiming = { ...question, principal: { ...principal, claims: [...principal.claims, claim] } };
      return byRule(decide, claiming).map((nearest) => ({ ...nearest, claim }));
    });
}

function byRule(decide: Decide, question: AccessQuestion): NearestPermit[] {
  const { principal } = question;
  const nearest = new Map<string, NearestPermit>();
  for (const role of candidates(question)) {
    const roles = [...new Set([...principal.roles, role])];
    const anywhere = [...new Set([...principal.anywhere, role])];
    const { allowed, rules } = decide({ ...question, principal: { ...principal, roles, anywhere } });
    if (!allowed) continue;
    for (const rule of rules) {
      const before = nearest.get(rule.id)?.roles ?? [];
      nearest.set(rule.id, { rule, roles: [...before, role] });
    }
  }
  return [...nearest.values()];
}

function candidates({ principal }: AccessQuestion): readonly HeldRole[] {
  if (principal.kind === "Agent") return principal.roles;
  return roleSchema.options;
}
