/** All that a decision on a release is about, in one answer: what people are shown before they are asked. */
import { parse } from "yaml";
import { z } from "zod";
import { type ArtifactAddress, artifactPath } from "../../domain/memory/artifact-path.ts";
import type { Refusal } from "../../domain/refusal.ts";
import { releaseNumber } from "../../domain/scope.ts";
import { findOpen } from "../decide-release.ts";
import { type DeploymentDiff, diffDeployment } from "../diff-deployment.ts";
import { describe, type PendingRelease } from "../list-pending.ts";
import type { Caller, System } from "../system.ts";
import { rolloutOf } from "./rollout-of.ts";

export const describeDecisionInput = z.object({
  releaseId: releaseNumber,
  /** In whose name the caller would vote. */
  onBehalfOf: z.string().max(64).optional(),
});

export interface GateLine {
  gate: string;
  status: string;
  evidence?: string;
  refusal?: Refusal;
  /** All that was found, one line each, where the refusal names the first alone. */
  findings?: string[];
}

export interface ReleaseDecision extends PendingRelease {
  /** As the newest verdict has them. */
  gates: GateLine[];
  /** Against what serves; null where it cannot be told now. */
  diff: DeploymentDiff | null;
  /** Steps of the rollout, in order. */
  rollout: { strategy: string; steps: string[] } | null;
  /** What happens when it is approved, one sentence. */
  afterwards: string;
}

export async function describeDecision(
  system: System,
  caller: Caller,
  { releaseId, onBehalfOf }: z.output<typeof describeDecisionInput>,
): Promise<ReleaseDecision> {
  const open = await findOpen(system, caller, releaseId);
  const pending = describe(caller, open, onBehalfOf);
  const { subject, environment } = open.place;
  const [summary, plan, diff] = await Promise.all([
    newestArtifact(system, pending, { kind: "releases", name: "ReleaseSummary.json" }),
    newestArtifact(system, pending, { kind: "deployments", name: "RolloutPlan.yaml" }),
    // A repository on another host, or bytes that are gone, keep nobody from deciding.
    diffDeployment(system, caller, { ...subject, environment }).catch(() => null),
  ]);
  const rollout = rolloutOf(plan);
  return { ...pending, gates: gatesOf(summary), diff, rollout, afterwards: afterwardsText(pending) };
}

async function newestArtifact(
  system: System,
  { subject, environment, releaseId }: PendingRelease,
  { kind, name }: ArtifactAddress,
): Promise<unknown> {
  const path = artifactPath({ ...subject, environment, releaseId }, { kind, name });
  const found = await system.store.artifact({ tenantId: subject.tenantId, path });
  return found === undefined ? undefined : parse(found.content);
}

function gatesOf(summary: unknown): GateLine[] {
  const gates = (summary as { gates?: unknown } | undefined)?.gates;
  return Array.isArray(gates) ? (gates as GateLine[]) : [];
}

export function afterwardsText({
  missing,
  granted,
  you,
  environment,
  policy,
  releaseId,
}: PendingRelease): string {
  const left = granted.includes(you.person) ? missing : missing - 1;
  const delay =
    policy.minDelayBeforeDeploy === "0s"
      ? ""
      : `, not before ${policy.minDelayBeforeDeploy} after it was proposed`;
  return left > 0
    ? `${releaseId} waits for ${left} more approval${left === 1 ? "" : "s"}.`
    : `The infrastructure plan and then the release are applied in ${environment}${delay}; everything that was approved is compared once more before that.`;
}
