/** A subscription as its form has it: what is typed as text, and what of it is sent. */
import type { components, operations } from "../../../../client/src/schema.d.ts";
import { wordsIn } from "./words-in.ts";

export type Subscription = components["schemas"]["Subscription"];
type Said = operations["updateSubscription"]["requestBody"]["content"]["application/json"];
type State = NonNullable<Said["states"]>[number];

export const states = [
  ...(["needs-approval", "held", "rejected", "revoked", "failed", "live", "published"] as const),
  ...(["rolling-back", "rolled-back", "replaced", "destroyed", "superseded", "cancelled"] as const),
] satisfies State[];
export const formats = ["structured", "binary", "cdevents"] as const;

export interface TypedSubscription {
  url: string;
  description: string;
  events: string;
  artifacts: string;
  states: State[];
  environments: string[];
  modules: string;
  format: (typeof formats)[number];
  drafts: boolean;
  attempts: string;
  allowPrivate: boolean;
}

export const nothingTyped: TypedSubscription = {
  ...{ url: "", description: "", events: "", artifacts: "", modules: "" },
  ...{
    states: [],
    environments: [],
    format: "structured",
    drafts: false,
    attempts: "16",
    allowPrivate: false,
  },
};

export function typedSubscription(said: Subscription): TypedSubscription {
  const { url, description = "", format, states: reached, environments = [], attempts, allowPrivate } = said;
  return {
    ...{ url, description, format, states: reached, environments, allowPrivate },
    events: said.events.join(" "),
    artifacts: said.artifacts.join(" "),
    modules: (said.modules ?? []).join(" "),
    drafts: said.cdevents?.drafts === true,
    attempts: String(attempts),
  };
}

export function saidSubscription(typed: TypedSubscription): Said {
  const { format, drafts, states: reached, environments, allowPrivate } = typed;
  const [modules, description, attempts] = [
    wordsIn(typed.modules),
    typed.description.trim(),
    typed.attempts.trim(),
  ];
  return {
    ...{ url: typed.url.trim(), format, allowPrivate, states: reached },
    events: wordsIn(typed.events),
    artifacts: wordsIn(typed.artifacts),
    ...(drafts && { cdevents: { drafts } }),
    ...(environments.length > 0 && { environments }),
    ...(modules.length > 0 && { modules }),
    ...(description !== "" && { description }),
    ...(attempts !== "" && { attempts: Number(attempts) }),
  };
}
