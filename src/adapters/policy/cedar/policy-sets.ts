/** Sets of policies that Cedar keeps parsed: the built-in ones, and with them each tenant's own. */
import type { OwnPolicy, Rule } from "../../../domain/access/access-question.ts";
import { sha256 } from "../../../domain/canonical-json.ts";
import type { RefusalCode } from "../../../domain/refusal.ts";
import type { CedarEngine } from "./cedar-engine.ts";
import { mentionsIn } from "./mentions-in.ts";
import { unreadable } from "./unreadable.ts";

export interface PolicyHolding {
  /** The name under which Cedar keeps the set. */
  name: string;
  /** By the id that Cedar answers with. */
  rules: ReadonlyMap<string, Rule>;
  /** Each entity that a policy names, as `Module::booking-service`. */
  named: ReadonlySet<string>;
  digest: string;
}

/** `kept` sets at once. Cedar forgets none, so the name of the one unused longest is given to the next. */
export function createPolicySets(
  engine: CedarEngine,
  kept = 500,
): (own: readonly OwnPolicy[]) => PolicyHolding {
  const sets = new Map<string, PolicyHolding>();
  return (own) => {
    const key = own.length === 0 ? "" : JSON.stringify(own.map(({ id, cedar }) => [id, cedar]));
    const known = sets.get(key);
    if (known !== undefined) {
      sets.delete(key);
      sets.set(key, known);
      return known;
    }
    const oldest = sets.size < kept ? undefined : [...sets].find(([text]) => text !== "");
    const made = prepare(engine, own, { key, name: oldest?.[1].name ?? `set-${sets.size}` });
    if (oldest !== undefined) sets.delete(oldest[0]);
    sets.set(key, made);
    return made;
  };
}

function prepare(
  engine: CedarEngine,
  own: readonly OwnPolicy[],
  { key, name }: { key: string; name: string },
): PolicyHolding {
  const texts = { ...engine.builtIn, ...Object.fromEntries(own.map(({ id, cedar }) => [ownId(id), cedar])) };
  const parsed = engine.cedar.preparsePolicySet(name, { staticPolicies: texts });
  if (parsed.type === "failure") throw unreadable(parsed.errors[0]?.message);
  const rules = new Map<string, Rule>();
  for (const [id, text] of Object.entries(engine.builtIn)) rules.set(id, ruleOf(engine, id, text));
  for (const { id, cedar } of own) rules.set(ownId(id), { ...ruleOf(engine, id, cedar), from: "tenant" });
  const all = [...Object.entries(engine.builtIn).map(([id, cedar]) => ({ id, cedar })), ...own];
  const mentions = all.flatMap((policy) => mentionsIn(engine, policy));
  const named = new Set(mentions.map(({ type, id }) => `${type}::${id}`));
  return {
    name,
    rules,
    named,
    digest: own.length === 0 ? engine.digest : sha256(`${engine.digest}\n${key}`),
  };
}

/** A tenant may name its policies as it likes, also as a built-in one is named. */
export function ownId(id: string): string {
  return `tenant/${id}`;
}

function ruleOf({ cedar }: CedarEngine, id: string, text: string): Rule {
  const read = cedar.policyToJson(text);
  if (read.type === "failure") throw unreadable(read.errors[0]?.message);
  const { effect, annotations = {} } = read.json;
  const reason = annotations.reason ?? `A policy of the tenant ${effect}s it.`;
  const { refusal } = annotations;
  return {
    id,
    effect,
    reason,
    from: "built-in",
    ...(refusal !== undefined && { refusal: refusal as RefusalCode }),
  };
}
