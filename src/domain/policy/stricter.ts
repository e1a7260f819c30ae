/** Of two values of one key of a policy, the one that lets less through. */
import { parseDuration } from "../flow/duration.ts";
import type { LicencePolicy, ScanPolicy } from "../tenant/gate-policy.ts";
import { isObject, type Values } from "./merge.ts";

type Stricter = (one: never, other: never) => unknown;

/** Keys for which it is known which value is the stricter. Of the others, what was said first stands. */
const byKey: Record<string, Stricter> = {
  roles: common,
  minApprovers: (one: number, other: number) => Math.max(one, other),
  minDelayBeforeDeploy: longer,
  distinctRoles: either,
  approvalExpiry: shorter,
  waitForEvidence: shorter,
  rollbackAllowed: (one: boolean) => one,
  coverage: highest,
  scan: scanOf,
  licences: licencesOf,
  builders: common,
  signers: common,
  hotfix: (one: Values, other: Values) => stricterValues(one, other),
  freezeOverride: (one: Values, other: Values) => stricterValues(one, other),
  minReason: (one: number, other: number) => Math.max(one, other),
  longest: shorter,
  agents: agentsOf,
  withheld: (one: string[], other: string[]) => [...new Set([...one, ...other])],
  merge: (one: string, other: string) => (other === "by-person" ? other : one),
};

/** Where either says nothing of it, the other stands. */
export function stricterOf(key: string, one: unknown, other: unknown): unknown {
  // Hotfixes are held by freezes where nothing is said.
  if (key === "ignoresFreeze") return one === true && other === true;
  // Freezes hold where nothing is said.
  if (key === "enforceChangeFreeze") return one !== false || other !== false;
  if (one === undefined) return other;
  if (other === undefined) return one;
  const rule = byKey[key] ?? (isDemand(key) ? either : (first: unknown) => first);
  return (rule as (a: unknown, b: unknown) => unknown)(one, other);
}

/** Key by key. */
export function stricterValues(one: Values, other: Values): Values {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...keys].map((key) => [key, stricterOf(key, one[key], other[key])]));
}

/** `requireTests`, `requiresApproval`: true lets less through. */
function isDemand(key: string): boolean {
  return /^requires?[A-Z]/.test(key);
}

function either(one: boolean, other: boolean): boolean {
  return one || other;
}

/** What both allow; a role that only one of them allows is none. */
function common(one: readonly string[], other: readonly string[]): string[] {
  return one.filter((role) => other.includes(role));
}

function longer(one: string, other: string): string {
  return (parseDuration(other) ?? 0) > (parseDuration(one) ?? 0) ? other : one;
}

function shorter(one: string, other: string): string {
  return longer(one, other) === one ? other : one;
}

function highest(one: Values, other: Values): Values {
  return withEach(one, other, Math.max);
}

const severities = ["none", "low", "medium", "high", "critical"];

/** From a milder severity on, more is held or rejected. */
function milder(one: string, other: string): string {
  return severities.indexOf(other) < severities.indexOf(one) ? other : one;
}

const ofScan: Record<string, Stricter> = {
  maxSeverity: milder,
  rejects: milder,
  maxFindings: (one: Values, other: Values) => withEach(one, other, Math.min),
  maxDataAge: shorter,
  overrideReason: (one: number, other: number) => Math.max(one, other),
  longestOverride: shorter,
  later: (one: string, other: string) => (other === "revoke" ? other : one),
};

function scanOf(one: ScanPolicy, other: ScanPolicy): Values {
  return withEachKey(one, other, (key, a, b) => (ofScan[key] as (a: unknown, b: unknown) => unknown)(a, b));
}

function licencesOf(one: LicencePolicy, other: LicencePolicy): LicencePolicy {
  const allow =
    one.allow !== undefined && other.allow !== undefined
      ? common(one.allow, other.allow)
      : (one.allow ?? other.allow);
  const deny = [...new Set([...(one.deny ?? []), ...(other.deny ?? [])])];
  const undeclared = undeclaredOf(one, other);
  return {
    ...(allow !== undefined && { allow }),
    ...((one.deny ?? other.deny) !== undefined && { deny }),
    ...(undeclared !== undefined && { undeclared }),
  };
}

/** Agent by agent, key by key. */
function agentsOf(one: Values, other: Values): Values {
  return withEachKey(one, other, (_agent, a, b) => stricterValues(a as Values, b as Values));
}

function withEach(one: Values, other: Values, choose: (a: number, b: number) => number): Values {
  return withEachKey(one, other, (_key, a, b) => choose(a as number, b as number));
}

/** What only one of them says stands. */
function withEachKey(
  one: Values,
  other: Values,
  choose: (key: string, a: unknown, b: unknown) => unknown,
): Values {
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  const pick = (key: string, a: unknown, b: unknown) =>
    a === undefined ? b : b === undefined ? a : choose(key, a, b);
  return Object.fromEntries(keys.map((key) => [key, pick(key, one[key], other[key])]));
}

/** What neither says follows from whether there is a list of what is allowed, and stays unsaid. */
function undeclaredOf(one: LicencePolicy, other: LicencePolicy): LicencePolicy["undeclared"] {
  const said = [one.undeclared, other.undeclared];
  if (said.every((word) => word === undefined)) return undefined;
  const meant = [one, other].map(
    ({ undeclared, allow }) => undeclared ?? (allow === undefined ? "allow" : "deny"),
  );
  return meant.includes("deny") ? "deny" : "allow";
}

/** Whether `after` lets through nothing in this key that `before` did not. */
export function isAsStrict(key: string, before: unknown, after: unknown): boolean {
  return sameValue(stricterOf(key, before, after), after);
}

function sameValue(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item) => other.includes(item));
  if (typeof one === "string" && typeof other === "string")
    return one === other || (parseDuration(one) ?? one) === (parseDuration(other) ?? other);
  if (!isObject(one) || !isObject(other)) return one === other;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => sameValue(one[key], other[key]));
}
