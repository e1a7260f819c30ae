/**
 * Makes one policy of all that is said: tenant, environment, module, edition, where the more specific wins unless a
 * value is locked; then securityPolicy, the module's own wishes and compliance mode, which only make it stricter.
 */
import { canonicalJson } from "../canonical-json.ts";
import type { Approver } from "../tenant/security-policy.ts";
import { type EnvironmentPolicy, environmentPolicySchema, type Role, type Tenant } from "../tenant/tenant.ts";
import { alternatives } from "../time-text.ts";
import { hardened, regulatedBy } from "./compliance-mode.ts";
import { layersFor, type PolicyPlace } from "./layers.ts";
import { mergeValues, type Values } from "./merge.ts";
import { stricterOf } from "./stricter.ts";

export interface ResolvedPolicy {
  values: EnvironmentPolicy;
  /** Who alone may vote, where the tenant says so. */
  approvers?: Approver[];
  /** Why compliance mode is on: `the tenant is regulated`. */
  compliance?: string;
  /** Of each key that somebody declared, where. */
  sources: Record<string, string>;
  /** Where two places disagree, and what holds: one sentence each. */
  notes: string[];
}

export interface PolicyAsked extends PolicyPlace {
  /** What the module itself asks for. */
  wishes?: Values | undefined;
  /** Whether the delivery was handed over in compliance mode. */
  complianceMode?: boolean | undefined;
}

export function resolvePolicy(tenant: Tenant, asked: PolicyAsked): ResolvedPolicy {
  const { environment } = asked;
  // Production without a policy is approved by a person: forgetting a line must not open it.
  const forgotten = tenant.releasePolicy.environments[environment] === undefined;
  const state: State = { values: {}, sources: {}, notes: [], locks: new Map() };
  if (forgotten && environment === "production") state.values.requiresApproval = true;
  for (const { source, values, locked } of layersFor(tenant, asked)) {
    lay(state, source, values);
    for (const key of locked) state.locks.set(key, source);
  }
  tighten(state, "securityPolicy", securityLayer(tenant, environment));
  tighten(state, "module.yaml", asked.wishes ?? {});
  const why = complianceReason(tenant, asked);
  if (why !== undefined) {
    const before = environmentPolicySchema.parse(state.values);
    const byPeople = environment === "production" || tenant.compliance.environments.includes(environment);
    tighten(state, `compliance mode (${why})`, hardened(before, { byPeople }), { quiet: true });
  }
  const approvers = tenant.securityPolicy?.allowedApprovers?.[tenant.id];
  return {
    values: environmentPolicySchema.parse(state.values),
    ...(approvers !== undefined && { approvers }),
    ...(why !== undefined && { compliance: why }),
    sources: state.sources,
    notes: state.notes,
  };
}

interface State {
  values: Values;
  sources: Record<string, string>;
  notes: string[];
  locks: Map<string, string>;
}

function lay(state: State, source: string, layer: Values): void {
  for (const [key, value] of Object.entries(layer)) {
    if (value === undefined) continue;
    const lock = state.locks.get(key);
    const before = state.values[key];
    const after = mergeValues(before, value);
    const holds = lock === undefined ? after : stricterOf(key, before, after);
    if (lock !== undefined && !same(holds, after))
      state.notes.push(`${source} says ${key}: ${inWords(value)}, and ${lock} locks ${inWords(holds)}.`);
    state.values[key] = holds;
    if (!same(before, holds)) state.sources[key] = source;
  }
}

function tighten(state: State, source: string, layer: Values, { quiet = false } = {}): void {
  for (const [key, value] of Object.entries(layer)) {
    if (value === undefined) continue;
    const before = state.values[key];
    const holds = stricterOf(key, before, value);
    if (!quiet && before !== undefined && !same(before, value))
      state.notes.push(
        `${source} says ${key}: ${inWords(value)}, ${state.sources[key] ?? "the default"} says ${inWords(before)}; the stricter holds: ${inWords(holds)}.`,
      );
    state.values[key] = holds;
    if (!same(before, holds)) state.sources[key] = source;
  }
}

/** What securityPolicy says of one environment, in the words of releasePolicy. */
function securityLayer({ securityPolicy }: Tenant, environment: string): Values {
  const { requireApprovalFor = [], requireSignedImages, enforceChangeFreeze } = securityPolicy ?? {};
  const wanted = requireApprovalFor.filter((one) => one.environment === environment);
  const roles = wanted.map((one) => one.roles).reduce<Role[] | undefined>(inBoth, undefined);
  return {
    ...(roles !== undefined && { requiresApproval: true, roles }),
    ...(requireSignedImages !== undefined && { requireSignedImages }),
    ...(enforceChangeFreeze !== undefined && { enforceChangeFreeze }),
  };
}

function inBoth(one: Role[] | undefined, other: Role[]): Role[] {
  return one === undefined ? other : one.filter((role) => other.includes(role));
}

function complianceReason(tenant: Tenant, asked: PolicyAsked): string | undefined {
  const { environment, moduleId = "", traceId = "", complianceMode } = asked;
  if (tenant.compliance.environments.includes(environment)) return `${environment} is regulated`;
  const why = regulatedBy(tenant, { moduleId, traceId });
  return why ?? (complianceMode === true ? "it was handed over in compliance mode" : undefined);
}

/** A value of a policy as a person would say it. */
export function inWords(value: unknown): string {
  if (value === undefined) return "nothing";
  if (!Array.isArray(value)) return flatText(value);
  if (value.length === 0) return "none";
  return value.every((one) => typeof one === "string") ? alternatives(value) : value.map(inWords).join(", ");
}

/** On one line, without the quotes of JSON: what is text stays readable, as a policy's does. */
function flatText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flatText).join(", ")}]`;
  if (typeof value === "string") return value.trim().replaceAll(/\s+/g, " ");
  if (typeof value !== "object" || value === null) return String(value);
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  const parts = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${parts.map(([key, part]) => `${key}:${flatText(part)}`).join(", ")}}`;
}

function same(one: unknown, other: unknown): boolean {
  return (
    one === other || (one !== undefined && other !== undefined && canonicalJson(one) === canonicalJson(other))
  );
}
