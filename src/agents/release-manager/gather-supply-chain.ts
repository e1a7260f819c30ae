/** Everything that gates look at of bytes and plans: SBOM, signatures, provenance, commits, and where it would run. */
import { z } from "zod";
import type { SupplyChainEvidence, Vouched } from "../../domain/release/supply-chain-evidence.ts";
import type { AgentContext } from "../../ports/agent.ts";
import { documentOf } from "../document.ts";
import { gatherVouchers, readOne, signedBy, treeName } from "../vouched-for.ts";
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
  const [vouchers, sbom, commits, pipelines, rollback, planned] = await Promise.all([
    gatherVouchers(ports, context, proposal),
    asksSbom ? readSbomEvidence(ports, context, proposal) : undefined,
    policy.requireSignedCommits ? ports.verifyCommits(context, digests.commit) : undefined,
    policy.requireSignedPipelines ? pipelinesVouched(ports, context, digests.tree) : undefined,
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
    ...(pipelines !== undefined && { pipelines }),
    ...(rollback !== undefined && { rollback }),
    placement: { planned, expected: { tenantId, moduleId }, naming: { modules, namespaces } },
  };
}

const snapshotSchema = z.looseObject({
  tree: z.string(),
  files: z.array(z.looseObject({ path: z.string(), digest: z.string() })),
});

/** Every file of the snapshot with exactly the digest that was signed, for exactly this tree. */
async function pipelinesVouched({ signer }: Ports, context: AgentContext, tree: string): Promise<Vouched> {
  const [vouched, text] = await Promise.all([
    signer.keys(context.invocation.tenantId).then((keys) => readOne(context, { kind: "pipeline", keys })),
    context.memory.read("pipelines", "PipelineSnapshot.yaml"),
  ]);
  if (!vouched.good) return vouched;
  const snapshot = snapshotSchema.safeParse(text === undefined ? undefined : documentOf(text).value);
  if (!snapshot.success || snapshot.data.tree !== tree)
    return { good: false, why: "they were written for another tree" };
  const { [treeName(tree)]: signedTree, ...signed } = vouched.digests;
  if (signedTree === undefined) return { good: false, why: "what is signed is of another tree" };
  const { files } = snapshot.data;
  const other = files.find(({ path, digest }) => signed[path] !== digest);
  if (other !== undefined || files.length !== Object.keys(signed).length)
    return { good: false, why: `${other?.path ?? "a file"} is not what was signed` };
  return { good: true, by: `${files.length} files, ${signedBy(vouched.keyId)}` };
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
