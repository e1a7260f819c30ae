/** Decides with Cedar, in this process. Every set of policies is parsed once. */
import { setImmediate } from "node:timers/promises";
import type { AccessDecision, AccessQuestion, OwnPolicy } from "../../../domain/access/access-question.ts";
import { RefusalError } from "../../../domain/refusal.ts";
import type { PolicyDecisions } from "../../../ports/policy-decisions.ts";
import { type CedarEngine, loadCedar, schemaName } from "./cedar-engine.ts";
import { checkPolicies } from "./check-policies.ts";
import { type CedarQuestion, cedarQuestion } from "./entities.ts";
import { mentionsIn } from "./mentions-in.ts";
import { nearestPermits } from "./nearest-permits.ts";
import { createPolicySets, type PolicyHolding } from "./policy-sets.ts";
import { rememberDecisions } from "./remember-decisions.ts";

interface Loaded {
  engine: CedarEngine;
  decide(held: PolicyHolding, question: AccessQuestion): AccessDecision;
  holding(own: readonly OwnPolicy[]): PolicyHolding;
}

export interface CedarDecisionsOptions {
  /** Told of each decision that somebody asked for. */
  decided?(question: AccessQuestion, decision: AccessDecision): void;
}

/** So many what-ifs are answered at once before others have their turn. */
const inTurn = 50;

export function createCedarDecisions({ decided }: CedarDecisionsOptions = {}): PolicyDecisions {
  let loading: Promise<Loaded> | undefined;
  async function load(): Promise<Loaded> {
    const engine = await loadCedar();
    const decided = rememberDecisions((held, question) => decideBy(engine, held, question));
    const decide: Loaded["decide"] = (held, question) => decided(held, cedarQuestion(question));
    return { engine, decide, holding: createPolicySets(engine) };
  }
  const loaded = () => (loading ??= load());

  return {
    async decide(question, own) {
      const { decide, holding } = await loaded();
      const decision = decide(holdingFor(holding, question, own), question);
      decided?.(question, decision);
      return decision;
    },
    async ask(questions, own) {
      const { decide, holding } = await loaded();
      const answers: AccessDecision[] = [];
      for (const [index, question] of questions.entries()) {
        if (index % inTurn === inTurn - 1) await setImmediate();
        answers.push(decide(holdingFor(holding, question, own), question));
      }
      return answers;
    },
    async nearest(question, own) {
      const { decide, holding } = await loaded();
      const held = holdingFor(holding, question, own);
      return nearestPermits((asked) => decide(held, asked), question);
    },
    async check(own) {
      return checkPolicies((await loaded()).engine, own);
    },
    async mentions(own) {
      const { engine } = await loaded();
      return own.flatMap((policy) => mentionsIn(engine, policy));
    },
    async rules(own) {
      return [...(await loaded()).holding(own).rules.values()];
    },
  };
}

/** Whoever manages the tenant can always correct policies that do not hold any more. */
function holdingFor(
  holding: Loaded["holding"],
  { action }: AccessQuestion,
  own: readonly OwnPolicy[],
): PolicyHolding {
  try {
    return holding(own);
  } catch (error) {
    if (error instanceof RefusalError && action === "tenant") return holding([]);
    throw error;
  }
}

function decideBy({ cedar }: CedarEngine, held: PolicyHolding, question: CedarQuestion): AccessDecision {
  const answer = cedar.statefulIsAuthorized({
    ...question,
    preparsedSchemaName: schemaName,
    preparsedPolicySetId: held.name,
    validateRequest: true,
  });
  if (answer.type === "failure")
    throw new Error(
      `${question.action.id} does not fit policies/schema.cedarschema: ${answer.errors[0]?.message}`,
    );
  const { decision, diagnostics } = answer.response;
  const ruleOf = (id: string) => held.rules.get(id) ?? [];
  const failed = diagnostics.errors.flatMap(({ policyId }) => ruleOf(policyId));
  const blocking = failed.filter(({ effect }) => effect === "forbid");
  const applied = diagnostics.reason.toSorted().flatMap(ruleOf);
  const denied = decision === "deny" || blocking.length > 0;
  return {
    allowed: !denied,
    rules: [...applied.filter(({ effect }) => (effect === "forbid") === denied), ...blocking],
    troubles: diagnostics.errors.map(({ error }) => error.message),
    digest: held.digest,
  };
}
