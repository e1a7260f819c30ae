/** What an access token is good for. It never reaches further than the roles of whom it belongs to. */
import { z } from "zod";
import { sha256Hex } from "../canonical-json.ts";
import { slug } from "../scope.ts";
import { type Action, actions } from "./actions.ts";

/** Sets of actions by the names that people give them. All of them see what is there. */
export const scopePresets = {
  read: ["view", "export"],
  deliver: [
    ...["hand-over", "commit", "pull-request", "push", "review", "merge", "rebuild", "retry"],
    ...["cancel", "deploy", "evidence", "comment"],
  ],
  decide: [
    ...["approve", "reject", "request-changes", "comment", "delay", "escalate", "hotfix", "revoke"],
    ...["rollback", "freeze", "override-freeze", "override-cve", "delegate"],
  ],
  admin: ["tenant", "policy", "token", "subscribe", "settings", "provision", "export"],
} as Record<ScopePreset, readonly Action[]>;
type ScopePreset = "read" | "deliver" | "decide" | "admin";

export type ScopeWord = ScopePreset | Action;
const scopeWords = [...Object.keys(scopePresets), ...Object.keys(actions)] as ScopeWord[];
export const scopeWordSchema = z.enum(scopeWords as [ScopeWord, ...ScopeWord[]]);

/** What is absent has no limit but the roles. */
export const tokenLimitsSchema = z.object({
  scope: z.array(scopeWordSchema).min(1).max(40).optional(),
  environments: z.array(slug).min(1).max(50).optional(),
});

export interface TokenLimits {
  scope?: readonly ScopeWord[] | undefined;
  environments?: readonly string[] | undefined;
}

export function actionsOf(scope: readonly ScopeWord[]): ReadonlySet<Action> {
  const named = scope.flatMap((word) => scopePresets[word as ScopePreset] ?? [word as Action]);
  return new Set<Action>(["view", ...named]);
}

/** Whether an act is outside of what a token is good for. A hand-over asks for each environment of its path by itself. */
export function isBeyond(
  { scope, environments }: TokenLimits,
  { action, environment }: { action: Action; environment: string | undefined },
): boolean {
  if (scope !== undefined && !actionsOf(scope).has(action)) return true;
  if (environments === undefined) return false;
  if (environment !== undefined) return !environments.includes(environment);
  return actions[action].changes && action !== "hand-over";
}

/** Whether one token may make the other: what it cannot do itself it cannot give. */
export function reachesAsFar(giver: TokenLimits, given: TokenLimits): boolean {
  return withinScope(giver.scope, given.scope) && withinList(giver.environments, given.environments);
}

function withinScope(giver: TokenLimits["scope"], given: TokenLimits["scope"]): boolean {
  if (giver === undefined) return true;
  if (given === undefined) return false;
  const had = actionsOf(giver);
  return [...actionsOf(given)].every((action) => had.has(action));
}

function withinList(giver: readonly string[] | undefined, given: readonly string[] | undefined): boolean {
  return giver === undefined || (given?.every((name) => giver.includes(name)) ?? false);
}

const tokenForm = /^cst_[A-Za-z0-9_-]{43}$/;

export function isAccessToken(text: string): boolean {
  return tokenForm.test(text);
}

/** The name under which a token is listed and revoked; nobody gets from it to the token. */
export function tokenIdOf(token: string): string {
  return `tok-${sha256Hex(token).slice(0, 16)}`;
}
