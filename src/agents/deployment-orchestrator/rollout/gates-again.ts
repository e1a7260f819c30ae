/**
 * Gates that are asked again when a release is about to be applied: a block may have come after the verdict, a signature
 * been replaced, and whoever answers a tenant's own gate may have changed their mind.
 */
import type { Digests } from "../../../domain/event/event-catalogue.ts";
import type { Refusal } from "../../../domain/refusal.ts";
import { externalGates } from "../../../domain/release/external-answer.ts";
import type { DispatchGround, Gate } from "../../../domain/release/gate.ts";
import { gatesAtDispatch } from "../../../domain/release/gates/index.ts";
import { policyBlocks } from "../../../domain/release/policy-block.ts";
import type { AgentContext } from "../../../ports/agent.ts";
import { askExternalGates } from "../../ask-external-gates.ts";
import { policyOfDelivery } from "../../policy-of-delivery.ts";
import { gatherVouchers } from "../../vouched-for.ts";
import type { DeploymentOrchestratorPorts } from "../ports.ts";
import type { ReleaseAtHand } from "../release-at-hand.ts";

type Ports = Pick<DeploymentOrchestratorPorts, "tenants" | "signer" | "externalGates">;

/** Why the release is not applied: for good, or until gates have answered that gave none. */
export type Kept = { differences: Refusal[] } | { unanswered: Refusal[]; until: string };

/** The tenant's own gates are asked where nothing else keeps it. */
export async function gatesAgain(
  ports: Ports,
  context: AgentContext,
  { at: { place, releaseId, version }, approved }: { at: ReleaseAtHand; approved: Digests },
): Promise<Kept | undefined> {
  const { environment, tenantId, moduleId } = place;
  const tenant = await ports.tenants.get(tenantId);
  const policy = policyOfDelivery(tenant, context, environment);
  const [{ vouched: _vouched, ...found }, blocked] = await Promise.all([
    gatherVouchers(ports, context, { policy, digests: approved, tenant }),
    context.events("PolicyBlocked"),
  ]);
  const placement = { planned: undefined, expected: { tenantId, moduleId }, naming: {} };
  const ground: DispatchGround = {
    ...{ policy, digests: approved, module: context.handOver.module },
    supplyChain: { ...found, placement },
    blocks: policyBlocks(blocked, { tree: approved.tree, evidence: tenant.evidence }),
  };
  const differences = refusalsOf(gatesAtDispatch, ground);
  if (differences.length > 0) return { differences };
  const asking = { tenant, environment, releaseId, version, digests: approved, afresh: true } as const;
  const { answers, askAgainAt } = await askExternalGates(ports.externalGates, context, asking);
  const refusals = refusalsOf(externalGates(answers, askAgainAt), ground);
  if (refusals.length === 0) return undefined;
  return refusals.every(({ code }) => code === "GateUnanswered")
    ? { unanswered: refusals, until: askAgainAt }
    : { differences: refusals };
}

function refusalsOf(gates: readonly Gate<DispatchGround>[], ground: DispatchGround): Refusal[] {
  return gates.flatMap((gate) => {
    const answer = gate.answer(ground);
    return answer.status === "Failed" ? [answer.refusal] : [];
  });
}
