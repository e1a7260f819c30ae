/**
 * Compliance mode: what it asks of a release beside the policy of the place. Evidence is asked for everywhere; people,
 * delay and reasons wherever a release is approved by people, which production and every regulated environment are.
 */
import type { EnvironmentPolicy, Tenant } from "../tenant/tenant.ts";
import type { Values } from "./merge.ts";
import { stricterOf } from "./stricter.ts";

const evidence = {
  requireSignedCommits: true,
  requireSignedArtifacts: true,
  requireSignedImages: true,
  requireSignedPipelines: true,
  requireSbom: true,
  requireRollbackPlan: true,
  enforceChangeFreeze: true,
} as const satisfies Partial<EnvironmentPolicy>;

const people = {
  requiresApproval: true,
  minApprovers: 2,
  distinctRoles: true,
  minDelayBeforeDeploy: "10m",
  requireJustification: true,
};

/** Why everything that a delivery releases is regulated, wherever it goes: `billing is regulated`. */
export function regulatedBy(
  { compliance }: Tenant,
  { moduleId, traceId }: { moduleId: string; traceId: string },
): string | undefined {
  if (compliance.regulated) return "the tenant is regulated";
  if (compliance.modules.includes(moduleId)) return `${moduleId} is regulated`;
  return compliance.traces.includes(traceId) ? `${traceId} is regulated` : undefined;
}

/** What is laid, always as the stricter, over a policy. `byPeople`: the place is approved by people in any case. */
export function hardened(policy: EnvironmentPolicy, { byPeople }: { byPeople: boolean }): Values {
  if (!policy.requiresApproval && !byPeople) return { ...evidence };
  const hotfix = policy.hotfix === undefined ? {} : { hotfix: expeditedInCompliance(policy.hotfix) };
  return { ...evidence, ...people, ...hotfix };
}

/** A hotfix may change who approves, and not how many or how soon. */
function expeditedInCompliance(hotfix: NonNullable<EnvironmentPolicy["hotfix"]>): Values {
  const least = people as Values;
  const bounded = Object.entries(hotfix).map(([key, value]) => [key, stricterOf(key, value, least[key])]);
  return Object.fromEntries(bounded);
}
