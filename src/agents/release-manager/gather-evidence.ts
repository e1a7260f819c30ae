import { counts, weighTests } from "../../domain/evidence/weigh-tests.ts";
import type { ModuleSpec } from "../../domain/module/module-spec.ts";
import type { Evidence } from "../../domain/release/gate.ts";
import { cycleThrough } from "../../domain/release/module-graph.ts";
import { policyBlocks } from "../../domain/release/policy-block.ts";
import { nodesOf } from "../../domain/release/release-plan.ts";
import { readinessOf, type TraceView } from "../../domain/release/trace-view.ts";
import { evidenceWait } from "../../domain/release/wait-for-evidence.ts";
import type { Tenant } from "../../domain/tenant/tenant.ts";
import { vaultOf } from "../../domain/vault/place-of-vault.ts";
import type { AgentContext, RecordedEvent } from "../../ports/agent.ts";
import { freezeEvidence } from "../freeze-evidence.ts";
import { gatherChecks } from "./gather-checks.ts";
import { gatherSupplyChain } from "./gather-supply-chain.ts";
import type { ReleaseManagerPorts } from "./ports.ts";
import type { Proposal } from "./proposal.ts";

export async function gatherEvidence(
  ports: ReleaseManagerPorts,
  context: AgentContext,
  proposal: Proposal,
): Promise<Evidence> {
  const { policy, digests, tenant, environment, releaseId, version } = proposal;
  const proposed = (await context.events("ReleaseProposed")).find(
    (event) => event.data.releaseId === releaseId,
  );
  const [tests, missingSettings, held, freeze, postponed, found] = await Promise.all([
    testEvidence(context, tenant, digests.tree),
    findMissingSettings(ports, context, environment),
    heldBy(ports, context, proposal),
    freezeEvidence(ports, context, proposal),
    postponedBy(context, environment, proposed?.sequence ?? 0),
    checkedBytes(ports, context, proposal),
  ]);
  const { handOver } = context;
  const proposedAt = proposed?.time ?? context.invocation.invokedAt;
  const { tenantId, moduleId } = context.invocation;
  const vault = vaultOf(tenant, { tenantId, environment, moduleId });
  const wait = evidenceWait(policy, tenant, proposedAt);
  return {
    now: context.now().toISOString(),
    releaseId,
    policy,
    module: handOver.module,
    version,
    digests,
    missingSettings,
    ...(vault !== undefined && { vault }),
    freeze,
    blocks: policyBlocks(await context.events("PolicyBlocked"), {
      tree: digests.tree,
      evidence: tenant.evidence,
    }),
    proposedAt,
    ...dependenciesOf(handOver.module, proposal.trace),
    quorum: proposal.count.quorum,
    ...found,
    ...(wait !== undefined && { evidenceWait: wait }),
    ...(tests !== undefined && { tests }),
    ...(held !== undefined && { held }),
    ...(postponed !== undefined && { postponed }),
  };
}

/** What the packages of the SBOM are known for is looked up once it is read. */
async function checkedBytes(
  ports: ReleaseManagerPorts,
  context: AgentContext,
  proposal: Proposal,
): Promise<Pick<Evidence, "checks" | "supplyChain">> {
  const supplyChain = await gatherSupplyChain(ports, context, proposal);
  return { supplyChain, checks: await gatherChecks(ports, context, proposal, supplyChain.sbom) };
}

/** A circle concerns those that stand in it; who depends on one of these waits for it as for any other. */
function dependenciesOf(
  { id, dependsOn = [] }: ModuleSpec,
  trace: TraceView,
): Pick<Evidence, "dependencies" | "cycle"> {
  const cycle = cycleThrough(nodesOf(trace), id);
  return {
    dependencies: dependsOn.map((one) => readinessOf(trace, one)),
    ...(cycle !== undefined && { cycle }),
  };
}

/** Only of our own runner and of producers that the tenant lists today. */
async function testEvidence(context: AgentContext, tenant: Tenant, tree: string): Promise<Evidence["tests"]> {
  const events = [...(await context.events("TestsPassed")), ...(await context.events("TestsFailed"))];
  const newest = weighTests(
    events.filter(({ data, source }) => data.tree === tree && counts(source, "tests", tenant.evidence)),
  );
  if (newest === undefined) return undefined;
  const { data } = newest;
  return {
    passed: newest.name === "TestsPassed",
    applicable: data.applicable !== false,
    producer: String(data.producer),
    eventId: newest.id,
    summary: summaryOf(newest),
  };
}

function summaryOf({ data, name }: RecordedEvent): string {
  const tests = data.tests;
  if (typeof tests !== "object" || tests === null || Array.isArray(tests))
    return name === "TestsPassed" ? "tests passed" : "tests failed";
  return `${tests.passed} of ${tests.total} tests passed`;
}

async function findMissingSettings(
  ports: ReleaseManagerPorts,
  context: AgentContext,
  environment: string,
): Promise<string[]> {
  const { needs } = context.handOver.module;
  if (needs.config.length + needs.secrets.length === 0) return [];
  const { tenantId, moduleId } = context.invocation;
  const scope = { tenantId, environment, moduleId };
  const [config, secrets] = await Promise.all([
    ports.settings.listConfig(scope),
    ports.settings.listSecrets(scope),
  ]);
  return [
    ...needs.config.filter((name) => config[name] === undefined),
    ...needs.secrets.filter((name) => !secrets.some((secret) => secret.name === name)),
  ];
}

/**
 * By version, and by the bytes under whatever version; not where the same bytes are what serves. A person who
 * asked for the release after it was held has overruled the hold.
 */
async function heldBy(
  { ledger }: ReleaseManagerPorts,
  context: AgentContext,
  { environment, version, digests }: Proposal,
): Promise<Evidence["held"]> {
  const { tenantId, moduleId } = context.invocation;
  const place = { tenantId, environment, moduleId };
  const hold = await ledger.isHeld(place, version, digests.artifact);
  if (hold === undefined) return undefined;
  if (hold.version !== version && (await ledger.current(place))?.artifact === digests.artifact)
    return undefined;
  const overruled = (await wishes(context, environment)).some(
    ({ name, time, data }) => time > hold.at && (name !== "RetryDelayed" || data.until !== undefined),
  );
  return overruled ? undefined : { at: hold.at, reason: hold.reason, version: hold.version };
}

/** A person named a time before which the release shall not be tried, and nobody has said otherwise since. */
async function postponedBy(
  context: AgentContext,
  environment: string,
  proposed: number,
): Promise<Evidence["postponed"]> {
  const since = (await wishes(context, environment)).filter(({ sequence }) => sequence > proposed);
  const newest = since.find(({ name, data }) => name !== "RetryDelayed" || data.settings !== true);
  if (newest?.name !== "RetryDelayed" || typeof newest.data.until !== "string") return undefined;
  const { until, by, reason } = newest.data;
  return { until, by: String(by), reason: typeof reason === "string" ? reason : "" };
}

/** When people want the release here: now, as a hotfix, or at a time that they name. Newest first. */
async function wishes(context: AgentContext, environment: string): Promise<RecordedEvent[]> {
  const names = ["DeployRequested", "HotfixApproved", "RetryDelayed"] as const;
  const events = (await Promise.all(names.map((name) => context.events(name)))).flat();
  return events
    .filter(({ source }) => source === "/cli" || source === "/studio")
    .filter((event) => (event.environment ?? environment) === environment)
    .sort((a, b) => b.sequence - a.sequence);
}
