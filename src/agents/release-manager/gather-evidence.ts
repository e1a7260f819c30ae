/** Gathers what the gates look at. Evidence counts only for exactly the tree that is proposed. */
import type { Digests } from "../../domain/event/event-catalogue.ts";
import { counts, weighTests } from "../../domain/evidence/weigh-tests.ts";
import type { ModuleSpec } from "../../domain/module/module-spec.ts";
import type { EffectivePolicy } from "../../domain/release/effective-policy.ts";
import type { Evidence } from "../../domain/release/gate.ts";
import { cycleThrough } from "../../domain/release/module-graph.ts";
import { countQuorum, type Vote } from "../../domain/release/quorum.ts";
import { nodesOf } from "../../domain/release/release-plan.ts";
import { readinessOf, type TraceView } from "../../domain/release/trace-view.ts";
import type { Tenant } from "../../domain/tenant/tenant.ts";
import type { AgentContext, RecordedEvent } from "../../ports/agent.ts";
import type { ReleaseManagerPorts } from "./ports.ts";

export interface Proposal {
  tenant: Tenant;
  policy: EffectivePolicy;
  environment: string;
  releaseId: string;
  version: string;
  digests: Digests;
  /** The trace as it stands in the environment. */
  trace: TraceView;
}

export async function gatherEvidence(
  ports: ReleaseManagerPorts,
  context: AgentContext,
  proposal: Proposal,
): Promise<Evidence> {
  const { policy, digests, tenant, environment, releaseId, version } = proposal;
  const [tests, missingSettings, held, proposedAt, votes] = await Promise.all([
    testEvidence(context, tenant, digests.tree),
    findMissingSettings(ports, context, environment),
    heldBy(ports, context, proposal),
    context
      .events("ReleaseProposed")
      .then((events) => events.find((event) => event.data.releaseId === releaseId)?.time),
    votesOn(context, releaseId),
  ]);
  const { handOver } = context;
  return {
    now: context.now().toISOString(),
    policy,
    module: handOver.module,
    version,
    digests,
    missingSettings,
    proposedAt: proposedAt ?? context.invocation.invokedAt,
    ...dependenciesOf(handOver.module, proposal.trace),
    quorum: countQuorum({ tenant, policy, sponsor: handOver.sponsor, digests }, votes),
    ...(tests !== undefined && { tests }),
    ...(held !== undefined && { held }),
  };
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

/** A person who asked for the version after it was held has overruled the hold. */
async function heldBy(
  ports: ReleaseManagerPorts,
  context: AgentContext,
  proposal: Proposal,
): Promise<Evidence["held"]> {
  const { tenantId, moduleId } = context.invocation;
  const { environment, version } = proposal;
  const hold = await ports.ledger.isHeld({ tenantId, environment, moduleId }, version);
  if (hold === undefined) return undefined;
  const asked = [...(await context.events("DeployRequested")), ...(await context.events("HotfixApproved"))];
  const overruled = asked.some(
    (event) => event.time > hold.at && (event.environment ?? environment) === environment,
  );
  return overruled ? undefined : { at: hold.at, reason: hold.reason };
}

async function votesOn(context: AgentContext, releaseId: string): Promise<Vote[]> {
  const granted = await context.events("ApprovalGranted");
  return granted
    .filter((event) => event.data.releaseId === releaseId)
    .reverse()
    .map(({ data, time }) => ({
      by: String(data.by),
      comment: String(data.comment),
      method: String(data.method),
      at: time,
      digests: data.digests as unknown as Digests,
    }));
}
