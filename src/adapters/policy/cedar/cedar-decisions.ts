/** Decides with Cedar, in this process. Every set of policies is parsed once. */
import { setImmediate } from "node:timers/promises";
import type { AccessDecision, AccessQuestion, OwnPolicy } from "../../../domain/access/access-question.ts";
import { RefusalError } from "../../../domain/refusal.ts";
import type { PolicyDecisions } from "../../../ports/policy-decisions.ts";
import { type CedarEngine, loadCedar, schemaName } from "./cedar-engine.ts";
import { checkPolicies } from "./check-policies.ts";
import { cedarQuestion } from "./entities.ts";
import { mentionsIn } from "./mentions-in.ts";
import { nearestPermits } from "./nearest-permits.ts";
import { createPolicySets, type PolicyHolding } from "./policy-sets.ts";

interface Loaded {
  engine: CedarEngine;
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
    return { engine, holding: createPolicySets(engine) };
  }
  const loaded = () => (loading ??= load());

  return {
    async decide(question, own) {
      const { engine, holding } = await loaded();
      const decision = decide(engine, holdingFor(holding, question, own), question);
      decided?.(question, decision);
      return decision;
    },
    async ask(questions, own) {
      const { engine, holding } = await loaded();
      const answers: AccessDecision[] = [];
      for (const [index, question] of questions.entries()) {
        if (index % inTurn === inTurn - 1) await setImmediate();
        answers.push(decide(engine, holdingFor(holding, question, own), question));
      }
      return answers;
    },
    async nearest(question, own) {
      const { engine, holding } = await loaded();
      const held = holdingFor(holding, question, own);
      return nearestPermits((asked) => decide(engine, held, asked), question);
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

function decide({ cedar }: CedarEngine, held: PolicyHolding, question: AccessQuestion): AccessDecision {
  const answer = cedar.statefulIsAuthorized({
    ...cedarQuestion(question),
    preparsedSchemaName: schemaName,
    preparsedPolicySetId: held.name,
    validateRequest: true,
  });
  if (answer.type === "failure")
    throw new Error(
      `${question.action} does not fit policies/schema.cedarschema: ${answer.errors[0]?.message}`,
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
