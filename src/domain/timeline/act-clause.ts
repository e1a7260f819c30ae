/** What somebody did that a tenant's journal has on record: what stands behind their name in a sentence. */
import { type Action, actions } from "../access/actions.ts";
import type { JournalAct } from "../journal/journal-entry.ts";
import type { JsonObject } from "../json.ts";

/** `was permitted to deploy (orders) in production`. */
export function actClause(act: JournalAct, data: JsonObject): string {
  return clauses[act](data) + because(data);
}

const clauses: Record<JournalAct, (data: JsonObject) => string> = {
  AccessDenied: (data) => `was not permitted to ${wish(data)}${code(data)}`,
  AccessPermitted: (data) => `was permitted to ${wish(data)}`,
  ActRefused: (data) => `was refused ${text(data.operation, "a decision")}${code(data)}`,
  CallerRefused: (data) => `called with a token that is not good, and was refused${code(data)}`,
  TokenIssued: ({ person, label }) => `made an access token for ${text(person)}${quoted(label)}`,
  TokenEnded: ({ person, token }) => `revoked the access token ${text(token)} of ${text(person)}`,
  SessionBegun: ({ with: means }) => `signed in with a browser${meansOf(means)}`,
  SessionEnded: ({ person }) => `ended the session of ${text(person)} in a browser`,
  RoleDelegated: ({ to, role, begins, ends }) =>
    `delegated ${text(role, "a role")} to ${text(to)} from ${text(begins)} to ${text(ends)}`,
  DelegationEnded: ({ from, to, role }) =>
    `took ${text(role, "a role")} of ${text(from)} back from ${text(to)}`,
  PolicyProposed: ({ parts }) => `proposed to change ${list(parts) || "the tenant"}`,
  PolicyConfirmed: ({ proposal }) => `confirmed ${text(proposal, "a change of policy")}`,
  PolicyRejected: ({ proposal }) => `rejected ${text(proposal, "a change of policy")}`,
  PolicyApplied: ({ version, proposal }) => `put version ${version} of the tenant in force${of(proposal)}`,
  FreezeSet: ({ id }) => `set the freeze ${text(id)}`,
  FreezeLiftAsked: ({ id }) => `asked for the freeze ${text(id)} to be lifted, which takes a second person`,
  FreezeLifted: ({ id }) => `lifted the freeze ${text(id)}`,
  SubscriptionMade: ({ id }) => `made the subscription ${text(id)}`,
  SubscriptionChanged: ({ id }) => `changed the subscription ${text(id)}`,
  SubscriptionSecretRotated: ({ id }) => `gave the subscription ${text(id)} another secret`,
  SubscriptionPaused: ({ id, reason }) => `paused the subscription ${text(id)}${quoted(reason)}`,
  SubscriptionResumed: ({ id, reason }) => `resumed the subscription ${text(id)}${quoted(reason)}`,
  SubscriptionEnded: ({ id }) => `removed the subscription ${text(id)}`,
  HookMade: ({ id }) => `made the hook ${text(id)}`,
  HookChanged: ({ id }) => `changed the hook ${text(id)}`,
  HookSecretRotated: ({ id }) => `gave the hook ${text(id)} another secret`,
  HookEnded: ({ id }) => `removed the hook ${text(id)}`,
  SigningKeyRotated: ({ keyId }) => `had the tenant sign with another key${quoted(keyId)}`,
};

function wish({ action, resource }: JsonObject): string {
  const { environment, releaseId, moduleId, repository } = objectOf(resource) ?? {};
  const about = text(releaseId ?? moduleId ?? repository, "");
  const words = [phraseOf(action), about && `(${about})`, text(environment, "") && `in ${text(environment)}`];
  return words.filter((word) => word !== "").join(" ");
}

/** `make tokens`; an action of an earlier version by its name. */
function phraseOf(action: unknown): string {
  const name = text(action, "do it");
  return Object.hasOwn(actions, name) ? actions[name as Action].phrase : name;
}

function meansOf(means: unknown): string {
  if (means === "link") return ", by a one-time link";
  return means === "provider" ? ", by the identity provider" : ", by an access token";
}

function of(proposal: unknown): string {
  return typeof proposal === "string" ? `, as ${proposal} asked for` : "";
}

function because({ reason, comment }: JsonObject): string {
  const why = text(reason, text(comment, ""));
  return why === "" ? "" : `: ${why.replace(/\.$/, "")}`;
}

function code(data: JsonObject): string {
  return typeof data.code === "string" ? ` (${data.code})` : "";
}

function quoted(word: unknown): string {
  return typeof word === "string" && word !== "" ? ` (${word})` : "";
}

function list(words: unknown): string {
  return Array.isArray(words) ? words.join(", ") : "";
}

function text(value: unknown, otherwise = "somebody"): string {
  return typeof value === "string" && value !== "" ? value : otherwise;
}

export function objectOf(value: unknown): JsonObject | undefined {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as JsonObject) : undefined;
}
