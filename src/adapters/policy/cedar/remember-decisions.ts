/**
 * Remembers what was decided. Cedar tells entities apart by their ids only where a policy names one, so questions that
 * differ in nothing but such ids have one answer: a trace, a release or a person that no policy speaks of.
 */
import type { EntityUidJson } from "@cedar-policy/cedar-wasm/nodejs";
import type { AccessDecision } from "../../../domain/access/access-question.ts";
import type { CedarQuestion } from "./entities.ts";
import type { PolicyHolding } from "./policy-sets.ts";

type Decide = (held: PolicyHolding, question: CedarQuestion) => AccessDecision;

/** `kept` answers at once; the one unused longest makes room. */
export function rememberDecisions(decide: Decide, kept = 2_000): Decide {
  const known = new Map<string, AccessDecision>();
  return (held, question) => {
    const key = keyOf(held, question);
    const decision = known.get(key) ?? decide(held, question);
    known.delete(key);
    // Troubles name the entities that they met.
    if (decision.troubles.length > 0) return decision;
    known.set(key, decision);
    const [oldest] = known.keys();
    if (known.size > kept && oldest !== undefined) known.delete(oldest);
    return { ...decision, rules: [...decision.rules] };
  };
}

function keyOf({ digest, named }: PolicyHolding, question: CedarQuestion): string {
  const { principal, action, resource, context, entities } = question;
  const known = entities.map(({ uid, attrs, parents }) => [told(uid), attrs, parents.map(told)]);
  return JSON.stringify([digest, told(principal), action.id, told(resource), context, known]);

  /** Tenants keep their ids: the principal's is compared with the resource's. */
  function told(uid: EntityUidJson): unknown {
    if ("__entity" in uid) return uid;
    return uid.type === "Tenant" || named.has(`${uid.type}::${uid.id}`) ? uid : uid.type;
  }
}
