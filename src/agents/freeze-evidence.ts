/** Whether the release of an invocation is frozen now: asked for the verdict, and again before it is dispatched. */
import type { Digests } from "../domain/event/event-catalogue.ts";
import { concerns } from "../domain/freeze/freeze.ts";
import {
  type FreezeEvidence,
  overrideOf,
  refusalOfFreeze,
  rolesThatMayOverride,
  weaknessOf,
} from "../domain/freeze/freeze-override.ts";
import { standingOf } from "../domain/freeze/standing.ts";
import type { Refusal } from "../domain/refusal.ts";
import { sponsorsOf } from "../domain/release/authors.ts";
import type { Hotfix } from "../domain/release/hotfix.ts";
import type { EnvironmentPolicy } from "../domain/tenant/tenant.ts";
import type { AgentContext } from "../ports/agent.ts";
import type { Freezes } from "../ports/freezes.ts";
import type { LostOverrider } from "../ports/overriders.ts";
import { approvedHotfix } from "./approved-hotfix.ts";
import type { PolicySubject } from "./policy-of-delivery.ts";

export interface FreezePorts {
  freezes: Freezes;
  lostOverrider: LostOverrider;
}

export interface FrozenRelease {
  environment: string;
  releaseId: string;
  digests: Digests;
  policy: Pick<EnvironmentPolicy, "hotfix">;
  hotfix?: Hotfix | undefined;
}

export async function freezeEvidence(
  { freezes, lostOverrider }: FreezePorts,
  context: AgentContext,
  { environment, releaseId, digests, policy, hotfix }: FrozenRelease,
): Promise<FreezeEvidence> {
  const { tenantId, moduleId } = context.invocation;
  const { editionId } = context.handOver.module;
  const release = { tenantId, environment, releaseId };
  const scope = { environment, moduleId, editionId };
  const known = (await freezes.read(tenantId)).filter((freeze) => concerns(freeze, scope));
  if (known.length === 0) return { active: [], release };
  const now = context.now();
  const [seen, overrides] = await Promise.all([
    freezes.newestTime(tenantId, now),
    context.events("FreezeOverridden"),
  ]);
  const standing = standingOf(known, scope, { now, seen });
  const evidence = { ...standing, release };
  if (standing.active.length === 0) return evidence;
  if (hotfix !== undefined && policy.hotfix?.ignoresFreeze === true)
    return { ...evidence, passes: `a hotfix, approved by ${hotfix.by}, which policy lets pass freezes` };
  const override = overrideOf(overrides, releaseId);
  if (override === undefined) return evidence;
  const weakness = weaknessOf(override, { active: standing.active, digests, latest: seen });
  if (weakness !== undefined) return { ...evidence, overrideVoid: weakness };
  const { by, confirmedBy, expiresAt, reason } = override;
  const mayOverride = rolesThatMayOverride(standing.active);
  const lost =
    ownOf(context, override) ??
    (await lostOverrider({ ...scopeOf(context), environment, releaseId, by, confirmedBy, mayOverride }));
  if (lost !== undefined) return { ...evidence, overrideVoid: lost };
  return {
    ...evidence,
    passes: `overridden by ${by}, confirmed by ${confirmedBy}, until ${expiresAt}: ${reason}`,
  };
}

/** Whoever took the change over since then lets nothing of it pass any more. */
function ownOf(
  { handOver }: AgentContext,
  { by, confirmedBy }: { by: string; confirmedBy: string },
): string | undefined {
  const own = sponsorsOf(handOver).find((person) => person === by || person === confirmedBy);
  return own === undefined ? undefined : `the change is ${own}'s own since it was taken over`;
}

function scopeOf({ invocation: { tenantId, traceId, moduleId } }: AgentContext) {
  return { tenantId, traceId, moduleId };
}

/** Why an approved release is not applied now: a freeze may have begun after the verdict. */
export async function begunFreeze(
  { policyOf, ...ports }: FreezePorts & { policyOf: PolicyOf },
  context: AgentContext,
  { environment, releaseId, digests }: Pick<FrozenRelease, "environment" | "releaseId" | "digests">,
): Promise<Refusal | undefined> {
  const [policy, hotfix] = await Promise.all([
    policyOf(context, environment),
    approvedHotfix(context, environment, releaseId),
  ]);
  if (policy.enforceChangeFreeze === false) return undefined;
  return refusalOfFreeze(
    await freezeEvidence(ports, context, { environment, releaseId, digests, policy, hotfix }),
  );
}

type PolicyOf = (context: PolicySubject, environment: string) => Promise<EnvironmentPolicy>;
