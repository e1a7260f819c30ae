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
  rollbackAllowed: (one: boolean) => one,
  coverage: highest,
  scan: scanOf,
  licences: licencesOf,
  builders: common,
  hotfix: (one: Values, other: Values) => stricterValues(one, other),
  freezeOverride: (one: Values, other: Values) => stricterValues(one, other),
  minReason: (one: number, other: number) => Math.max(one, other),
  longest: shorter,
};

/** Where either says nothing of it, the other stands. */
export function stricterOf(key: string, one: unknown, other: unknown): unknown {
  // Hotfixes are held by freezes where nothing is said.
  if (key === "ignoresFreeze") return one === true && other === true;
  // Freezes hold where nothing is said.
  if (key === "enforceChangeFreeze") return one === false && other === false ? false : (one ?? other);
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

const worst = ["none", "low", "medium", "high", "critical"];

function scanOf(one: ScanPolicy, other: ScanPolicy): ScanPolicy {
  const bounds = [one.maxSeverity, other.maxSeverity].filter((bound) => bound !== undefined);
  const [maxSeverity] = bounds.toSorted((a, b) => worst.indexOf(a) - worst.indexOf(b));
  const counts = [one.maxFindings, other.maxFindings].filter((found) => found !== undefined);
  return {
    ...(maxSeverity !== undefined && { maxSeverity }),
    ...(counts.length > 0 && { maxFindings: withEach(counts[0] ?? {}, counts[1] ?? {}, Math.min) }),
    ...chosen("rejects", [one.rejects, other.rejects], (a, b) =>
      worst.indexOf(a) <= worst.indexOf(b) ? a : b,
    ),
    ...chosen("maxDataAge", [one.maxDataAge, other.maxDataAge], shorter),
    ...chosen("overrideReason", [one.overrideReason, other.overrideReason], Math.max),
    ...chosen("longestOverride", [one.longestOverride, other.longestOverride], shorter),
    ...chosen("later", [one.later, other.later], (a, b) => (a === "revoke" ? a : b)),
  };
}

/** A key of either, or of both the one that is chosen. */
function chosen<Value>(
  key: keyof ScanPolicy,
  [one, other]: [Value | undefined, Value | undefined],
  choose: (one: Value, other: Value) => Value,
): Partial<ScanPolicy> {
  if (one === undefined && other === undefined) return {};
  const value = one === undefined ? other : other === undefined ? one : choose(one, other);
  return { [key]: value };
}

function licencesOf(one: LicencePolicy, other: LicencePolicy): LicencePolicy {
  const allow =
    one.allow !== undefined && other.allow !== undefined
      ? common(one.allow, other.allow)
      : (one.allow ?? other.allow);
  const deny = [...new Set([...(one.deny ?? []), ...(other.deny ?? [])])];
  // What neither says follows from whether there is a list of what is allowed.
  const said = [one, other].map(({ undeclared, allow: list }) => undeclared ?? (list && "deny"));
  const undeclared = said.includes("deny") ? "deny" : said.find((word) => word !== undefined);
  return {
    ...(allow !== undefined && { allow }),
    ...(deny.length > 0 && { deny }),
    ...(undeclared !== undefined && { undeclared }),
  };
}

function withEach(one: Values, other: Values, choose: (a: number, b: number) => number): Values {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  const pick = (a: unknown, b: unknown) =>
    typeof a === "number" && typeof b === "number" ? choose(a, b) : (a ?? b);
  return Object.fromEntries([...keys].map((key) => [key, pick(one[key], other[key])]));
}

/** Whether `after` lets through nothing in this key that `before` did not. */
export function isAsStrict(key: string, before: unknown, after: unknown): boolean {
  return sameValue(stricterOf(key, before, after), after);
}

function sameValue(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((item) => other.includes(item));
  if (!isObject(one) || !isObject(other)) return one === other;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => sameValue(one[key], other[key]));
}
