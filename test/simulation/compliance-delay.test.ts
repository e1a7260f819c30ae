/**
 * A delivery in compliance mode from its hand-over to its release, on a clock that stands still until it is told: the real
 * engine and the real Release Manager with every gate, and real signatures; building and deploying are scripted.
 */
import { expect, test } from "vitest";
import { createMemoryStore } from "../../src/adapters/store/memory/memory-store.ts";
import { createBoundReader } from "../../src/agents/approval-digests.ts";
import { pipelineDigests } from "../../src/agents/pipeline-files.ts";
import { createReleaseManager } from "../../src/agents/release-manager/agent.ts";
import { writeVouching } from "../../src/agents/vouched-for.ts";
import { sha256 } from "../../src/domain/canonical-json.ts";
import { type DeliveryEvent, eventName } from "../../src/domain/event/event.ts";
import type { Digests, EventName } from "../../src/domain/event/event-catalogue.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import type { Role } from "../../src/domain/tenant/role.ts";
import { type Tenant, tenantSchema } from "../../src/domain/tenant/tenant.ts";
import { createRig, subjectOf } from "../support/rig.ts";
import { type Script, success } from "../support/scripted-agents.ts";
import { createVirtualClock } from "../support/virtual-clock.ts";
import { createTestSigner } from "../support/votes.ts";

const tenMinutesMs = 600_000;
const releaseId = "release-000007";
const artifact = sha256("the artifact");
const sbom = '{"bomFormat":"CycloneDX","specVersion":"1.6"}';
const files = [{ path: "azure-pipelines.yaml", digest: sha256("azure") }];
const built = { commit: "c1", tree: "t1" };
const signer = createTestSigner();

/** Compliance mode with all that it needs set up, and a policy that would have releases wait for less. */
function regulated(policy: JsonObject): Tenant {
  return tenantSchema.parse({
    id: "vetclinic-001",
    people: [
      { id: "jane.doe", roles: ["Developer", "StudioAdmin"] },
      { id: "olga", roles: ["ProductOwner"] },
      { id: "max", roles: ["ReleaseManager"] },
      { id: "sec", roles: ["SecurityReviewer"] },
    ],
    environments: [{ id: "production" }],
    compliance: { regulated: true },
    commits: { types: ["feat", "fix"], requireSigned: true, sign: { format: "ssh", key: "/etc/key" } },
    naming: { namespaces: "^vetclinic-", resources: "^[a-z-]+$" },
    releasePolicy: { environments: { production: policy } },
  });
}

/** What the agents before the Release Manager leave behind, signed with the tenant's key as they sign it. */
const script: Script = {
  GeneratePipeline: async (context) => {
    context.memory.write("pipelines", "PipelineSnapshot.yaml", JSON.stringify({ ...built, files }));
    await writeVouching(signer, context, { kind: "pipeline", digests: pipelineDigests(files, built.tree) });
    return success(["PipelineReady", { ...built, dialects: [] }]);
  },
  BuildArtifact: async (context) => {
    context.memory.write("supply-chain", "SBOM.json", sbom);
    await writeVouching(signer, context, { kind: "artifact", digests: { artifact } });
    return success(["ArtifactBuilt", { ...built, artifact, supplyChain: { sbom: sha256(sbom) } }]);
  },
  PlanInfrastructure: async (context) => {
    const { tenantId, moduleId } = context.invocation;
    const request = { tenantId, moduleId, environment: "production" };
    const plan = { namespace: "vetclinic-001-production", changes: [], request };
    context.memory.write("env", "InfrastructurePlan.json", JSON.stringify(plan));
    return success();
  },
  PlanRollout: async (context) => {
    const plan = { steps: ["start"], rollback: { allowed: true, to: null } };
    context.memory.write("deployments", "RolloutPlan.yaml", JSON.stringify(plan));
    return success();
  },
};

async function open(policy: JsonObject) {
  const clock = createVirtualClock();
  const store = createMemoryStore();
  const state = { tenant: regulated(policy) };
  const tenants = { get: async () => state.tenant };
  const settings = { listConfig: async () => ({}), listSecrets: async () => [] };
  const nothing = async () => undefined;
  const releaseManager = createReleaseManager({
    ...{ settings, tenants, signer, readBound: createBoundReader({ settings, tenants }) },
    ledger: { allocate: async () => releaseId, isHeld: nothing, current: nothing },
    freezes: { read: async () => [], newestTime: async (_tenantId, now) => now },
    traces: { read: async (trace) => ({ ...trace, modules: [] }) },
    vulnerabilities: { lookUp: nothing },
    checkFiles: async () => [],
    lostOverrider: nothing,
    verifyCommits: async () => ({ good: true, by: "every commit is signed" }),
    externalGates: { ask: async () => ({ why: "none is asked here" }) },
    delegations: { list: async () => [] },
    countFiles: nothing,
  });
  const rig = createRig({ store, clock, script: { ...script, ...releaseManager.skills } });
  const subject = subjectOf("trace-regulated");
  await rig.engine.start();
  await rig.handOver(subject, { environments: ["production"], sponsor: "jane.doe" });
  await rig.engine.settled();

  const events = async (name: EventName): Promise<DeliveryEvent[]> =>
    (await store.events(subject)).filter((event) => eventName(event) === name);
  return {
    events,
    /** People change the policy, and what waits is looked at again. */
    async change(changed: JsonObject) {
      state.tenant = regulated(changed);
      const data = { by: "jane.doe", reason: "the policy changed", settings: true };
      await rig.tell(subject, "RetryDelayed", data, { environment: "production", releaseId });
      await rig.engine.settled();
    },
    async tell(name: EventName, data: JsonObject) {
      await rig.tell(subject, name, { releaseId, ...data }, { environment: "production", releaseId });
      await rig.engine.settled();
    },
    async vote(by: string, role: Role) {
      const digests = (await events("ApprovalRequested")).at(-1)?.data.digests as unknown as Digests;
      const facts = { by, roles: [role], method: "CLI", comment: "the change and its tests were read" };
      const at = clock.now().toISOString();
      const vote = { ...facts, at, subject, digests, releaseId, environment: "production" };
      await rig.tell(subject, "ApprovalGranted", signer.signed({ ...vote, decision: "approved" }), {
        ...{ environment: "production", releaseId },
      });
      await rig.engine.settled();
    },
    async pass(ms: number) {
      clock.advance(ms);
      await rig.engine.settled();
    },
    now: () => clock.now().getTime(),
    close: () => rig.engine.stop(),
  };
}

test.each([
  ["asks for less", { minDelayBeforeDeploy: "5s" }, { minDelayBeforeDeploy: "0s" }],
  ["is made to ask for nothing while it waits", { minDelayBeforeDeploy: "10m" }, {}],
])(
  "ten minutes after the last approval, and not before, it goes on by itself where the policy %s",
  async (_what, policy, lowered) => {
    const site = await open(policy);
    const asked = (await site.events("ApprovalRequested"))[0];
    expect(asked?.data).toMatchObject({ missing: 2 });
    await site.vote("olga", "ProductOwner");
    await site.pass(tenMinutesMs);
    expect(await site.events("ReleaseApproved")).toEqual([]);

    await site.vote("max", "ReleaseManager");
    const approvedAt = site.now();
    const until = new Date(approvedAt + tenMinutesMs).toISOString();
    const delayed = () => site.events("ReleaseDelayed").then((all) => all.map(({ data }) => data.until));
    expect(await delayed()).toEqual([until]);

    await site.pass(tenMinutesMs / 2);
    await site.change(lowered);
    expect((await delayed()).at(-1)).toBe(until);
    expect(await site.events("ApprovalVoided")).toEqual([]);

    await site.pass(tenMinutesMs / 2 - 1);
    expect(await site.events("ReleaseApproved")).toEqual([]);
    expect(await site.events("DeploymentCompleted")).toEqual([]);
    await site.pass(1);
    const [approved] = await site.events("ReleaseApproved");
    expect(Date.parse(approved?.time ?? "")).toBe(approvedAt + tenMinutesMs);
    expect(await site.events("DeploymentCompleted")).toHaveLength(1);
    expect(await site.events("ReleasePublished")).toHaveLength(1);
    await site.close();
  },
);

test("a hotfix does not shorten it, whatever the policy says of hotfixes", async () => {
  const site = await open({
    roles: ["ProductOwner", "SecurityReviewer"],
    hotfix: { roles: ["ProductOwner", "ReleaseManager"], minApprovers: 1, minDelayBeforeDeploy: "0s" },
  });
  await site.tell("HotfixApproved", { by: "max", comment: "bookings are lost every minute" });
  // A ReleaseManager is asked on the path of a hotfix alone.
  await site.vote("olga", "ProductOwner");
  await site.vote("max", "ReleaseManager");
  const approvedAt = site.now();
  await site.pass(tenMinutesMs - 1);
  expect(await site.events("ReleaseApproved")).toEqual([]);
  await site.pass(1);
  expect(await site.events("ReleaseApproved")).toHaveLength(1);
  expect(site.now()).toBe(approvedAt + tenMinutesMs);
  await site.close();
});
