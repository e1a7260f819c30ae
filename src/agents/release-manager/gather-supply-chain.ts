/** Everything that gates look at of bytes and plans: SBOM, signatures, provenance, commits, and where it would run. */
import { z } from "zod";
import type { SupplyChainEvidence } from "../../domain/release/supply-chain-evidence.ts";
import type { AgentContext } from "../../ports/agent.ts";
import { documentOf } from "../document.ts";
import { gatherVouchers } from "../vouched-for.ts";
import type { ReleaseManagerPorts } from "./ports.ts";
import type { Proposal } from "./proposal.ts";
import { readSbomEvidence } from "./read-sbom-evidence.ts";

type Ports = Pick<ReleaseManagerPorts, "signer" | "verifyCommits" | "checkFiles">;

export async function gatherSupplyChain(
  ports: Ports,
  context: AgentContext,
  proposal: Proposal,
): Promise<SupplyChainEvidence> {
  const { policy, digests, tenant } = proposal;
  const asksSbom =
    policy.requireSbom ||
    policy.requireSignedSbom ||
    policy.requireScan ||
    policy.licences !== undefined ||
    policy.scan !== undefined;
  const [vouchers, sbom, commits, rollback, planned] = await Promise.all([
    gatherVouchers(ports, context, { policy, digests, tenant }),
    asksSbom ? readSbomEvidence(ports, context, proposal) : undefined,
    policy.requireSignedCommits ? ports.verifyCommits(context, digests.commit) : undefined,
    policy.requireRollbackPlan ? rollbackOf(context) : undefined,
    plannedPlace(context),
  ]);
  const { vouched: _vouched, ...signatures } = vouchers;
  const { tenantId, moduleId } = context.invocation;
  const { modules, namespaces } = tenant.naming;
  return {
    ...signatures,
    ...(sbom !== undefined && { sbom }),
    ...(commits !== undefined && { commits }),
    ...(rollback !== undefined && { rollback }),
    placement: { planned, expected: { tenantId, moduleId }, naming: { modules, namespaces } },
  };
}

const rolloutSchema = z.looseObject({
  rollback: z.looseObject({
    allowed: z.boolean(),
    to: z.looseObject({ releaseId: z.string(), version: z.string() }).nullable(),
  }),
});

async function rollbackOf({ memory }: AgentContext): Promise<NonNullable<SupplyChainEvidence["rollback"]>> {
  const text = await memory.read("deployments", "RolloutPlan.yaml");
  const plan = rolloutSchema.safeParse(text === undefined ? undefined : documentOf(text).value);
  if (!plan.success) return "none";
  const { allowed, to } = plan.data.rollback;
  return { allowed, to: to === null ? undefined : `${to.version} (${to.releaseId})` };
}

const planSchema = z.looseObject({
  namespace: z.string(),
  request: z.looseObject({ tenantId: z.string(), environment: z.string(), moduleId: z.string() }),
});

async function plannedPlace({ memory }: AgentContext): Promise<SupplyChainEvidence["placement"]["planned"]> {
  const text = await memory.read("env", "InfrastructurePlan.json");
  const plan = planSchema.safeParse(text === undefined ? undefined : documentOf(text).value);
  if (!plan.success) return undefined;
  const { namespace, request } = plan.data;
  const { tenantId, environment, moduleId } = request;
  return { namespace, tenantId, environment, moduleId };
}
