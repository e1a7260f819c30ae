import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { createBoundReader } from "../../src/agents/approval-digests.ts";
import { createReleaseManager } from "../../src/agents/release-manager/agent.ts";
import { releaseManagerManifest } from "../../src/agents/release-manager/manifest.ts";
import type { HandOver } from "../../src/domain/delivery/hand-over.ts";
import type { Digests } from "../../src/domain/event/event-catalogue.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import type { Delegation } from "../../src/domain/release/delegation.ts";
import type { ModuleFacts } from "../../src/domain/release/trace-view.ts";
import type { VoteFacts } from "../../src/domain/release/vote-statement.ts";
import { type Tenant, tenantSchema } from "../../src/domain/tenant/tenant.ts";
import type { AgentOutcome } from "../../src/ports/agent.ts";
import type { Freezes } from "../../src/ports/freezes.ts";
import type { Hold } from "../../src/ports/release-ledger.ts";
import { type FakeContext, fakeContext, sampleHandOver } from "../support/agent-context.ts";
import { createTestSigner } from "../support/votes.ts";

const digest = `sha256:${"a".repeat(64)}`;
const releaseId = "release-000007";
const signer = createTestSigner();

function tenantOf(policy: JsonObject): Tenant {
  return tenantSchema.parse({
    id: "vetclinic-001",
    people: [
      { id: "jane.doe", roles: ["ProductOwner"] },
      { id: "owner", roles: ["ProductOwner"] },
      { id: "manager", roles: ["ReleaseManager"] },
    ],
    environments: [{ id: "staging" }, { id: "production" }],
    releasePolicy: { environments: { production: policy } },
  });
}

/** Ports that hold their answers in plain variables, so that a test can change the world between two evaluations. */
function world(policy: JsonObject) {
  const state = {
    config: {} as Record<string, string>,
    tenant: tenantOf(policy),
    hold: undefined as Hold | undefined,
    modules: [] as ModuleFacts[],
    newestTime: new Date(0),
    delegations: [] as Delegation[],
  };
  const settings = { listConfig: async () => state.config, listSecrets: async () => [] };
  const tenants = { get: async () => state.tenant };
  const ledger = {
    allocate: async () => releaseId,
    isHeld: async () => state.hold,
    current: async () => undefined,
  };
  const readBound = createBoundReader({ settings, tenants });
  const traces = {
    read: async ({ traceId, environment }: { traceId: string; environment: string }) => ({
      traceId,
      environment,
      modules: state.modules,
    }),
  };
  const freezes: Freezes = {
    read: async () => state.tenant.freezes,
    newestTime: async (_tenantId, now) => [now, state.newestTime].sort()[1] ?? now,
  };
  const agent = createReleaseManager({
    ...{ settings, tenants, ledger, freezes, traces, readBound, signer },
    vulnerabilities: { lookUp: async () => undefined },
    checkFiles: async () => [],
    lostOverrider: async () => undefined,
    verifyCommits: async () => "away",
    externalGates: { ask: async () => ({ why: "none is asked here" }) },
    delegations: { list: async () => state.delegations },
    countFiles: async () => 3,
  });
  const evaluate = (context: FakeContext): Promise<AgentOutcome> => {
    const skill = agent.skills.EvaluateRelease;
    if (skill === undefined) throw new Error("no such skill");
    return skill(context);
  };
  return { state, agent, evaluate };
}

function contextOf(handOver: Partial<HandOver> = {}): FakeContext {
  return fakeContext({
    handOver,
    manifest: releaseManagerManifest,
    invocation: { agentId: "release-manager", environment: "production", releaseId },
    memory: { "deployments/RolloutPlan.yaml": "steps: [start]\n", "env/InfrastructurePlan.json": "{}" },
    events: [
      { name: "ArtifactBuilt", data: { commit: "c1", tree: "t1", artifact: digest } },
      {
        name: "TestsPassed",
        data: { commit: "c1", tree: "t1", reportDigest: digest, producer: "runner", applicable: true },
      },
      { name: "PullRequestMerged", data: { number: 1, commit: "m1", tree: "t1" } },
      { name: "ReleaseProposed", data: { releaseId, version: "1.0.0", environment: "production" } },
    ],
  });
}

function emitted(outcome: AgentOutcome): string[] {
  return outcome.emits.map((emission) => emission.name);
}

function voteOn(context: FakeContext, outcome: AgentOutcome, more: Partial<VoteFacts> = {}): JsonObject {
  const { tenantId, traceId, moduleId } = context.invocation;
  const asked = outcome.emits.find((emission) => emission.name === "ApprovalRequested");
  return signer.signed({
    subject: { tenantId, traceId, moduleId },
    ...{ environment: "production", releaseId, by: "owner", method: "CLI", comment: "checked" },
    decision: "approved",
    roles: ["ProductOwner", "ReleaseManager"],
    at: context.now().toISOString(),
    digests: asked?.data.digests as unknown as Digests,
    ...more,
  });
}

function approve(context: FakeContext, outcome: AgentOutcome, by: string): void {
  context.record("ApprovalGranted", voteOn(context, outcome, { by }));
}

/** What it emitted is on the chain when it is asked the next time. */
function keep(context: FakeContext, outcome: AgentOutcome): void {
  const time = context.now().toISOString();
  for (const { name, data } of outcome.emits) context.record(name, data, { time });
}

function later(context: FakeContext, time: string): void {
  context.now = () => new Date(time);
}

describe("the Release Manager", () => {
  it("asks for approval, then approves what the vote binds", async () => {
    const { evaluate } = world({ requiresApproval: true });
    const context = contextOf();
    const asked = await evaluate(context);
    expect(asked).toMatchObject({ status: "Delayed", wakeOn: expect.arrayContaining(["ApprovalGranted"]) });
    expect(asked.emits[0]).toMatchObject({
      name: "ApprovalRequested",
      data: { mayApprove: ["owner", "manager"] },
    });

    approve(context, asked, "owner");
    const verdict = await evaluate(context);
    expect(emitted(verdict)).toEqual(["ReleaseApproved"]);
    expect(verdict.emits[0]?.data.digests).toMatchObject({ commit: "m1", tree: "t1", artifact: digest });
    const records = parse(context.written["approvals/ApprovalRecords.yaml"] ?? "");
    expect(records).toMatchObject([{ approvedBy: "owner", role: "ProductOwner", counts: true }]);
  });

  it("voids a vote when configuration changes after it, says so once, and asks again", async () => {
    const { evaluate, state } = world({ requiresApproval: true });
    const context = contextOf();
    const asked = await evaluate(context);
    keep(context, asked);
    approve(context, asked, "owner");
    state.config = { GREETING: "hello" };
    const again = await evaluate(context);
    expect(emitted(again)).toEqual(["ApprovalVoided", "ApprovalRequested"]);
    expect(again.emits[0]?.data.message).toBe("changed since this vote: configuration: GREETING was added");
    context.record("ApprovalVoided", again.emits[0]?.data ?? {});
    expect(emitted(await evaluate(context))).toEqual(["ApprovalRequested"]);
  });

  it("says how many approvals there are, and leaves it to the request by whom they are", async () => {
    const of = async (minApprovers: number, approved: number) => {
      const { evaluate } = world({ requiresApproval: true, minApprovers });
      const context = contextOf();
      const asked = await evaluate(context);
      keep(context, asked);
      if (approved > 0) approve(context, asked, "owner");
      return evaluate(context);
    };
    expect(await of(1, 0)).toMatchObject({ summary: "no approval so far." });
    expect(await of(2, 0)).toMatchObject({ summary: "none of 2 approvals so far." });
    expect(await of(2, 1)).toMatchObject({ summary: "1 of 2 approvals so far." });
  });

  it("tells a changed build by its commits and files", async () => {
    const { evaluate } = world({ requiresApproval: true });
    const context = contextOf();
    approve(context, await evaluate(context), "owner");
    context.record("PullRequestMerged", { number: 2, commit: "m2", tree: "t1" });
    expect((await evaluate(context)).emits[0]?.data.message).toBe(
      "changed since this vote: commit m1 -> m2: 3 files",
    );
  });

  it("keeps a vote void although what it bound is there again, also in a copy of it", async () => {
    const { evaluate, state } = world({ requiresApproval: true });
    const context = contextOf();
    const asked = await evaluate(context);
    const vote = voteOn(context, asked);
    context.record("ApprovalGranted", vote);
    state.config = { GREETING: "hello" };
    keep(context, await evaluate(context));
    state.config = {};
    context.record("ApprovalGranted", vote);
    expect(emitted(await evaluate(context))).toEqual(["ApprovalRequested"]);
  });

  it("voids the vote of a person who left, or who lost the role, and says why", async () => {
    const { evaluate, state } = world({ requiresApproval: true });
    for (const [people, why] of [
      [[], "owner does not belong to vetclinic-001 any more"],
      [[{ id: "owner", roles: ["Developer" as const] }], "owner holds none of the roles"],
    ] as const) {
      state.tenant = tenantOf({ requiresApproval: true });
      const context = contextOf();
      approve(context, await evaluate(context), "owner");
      const others = state.tenant.people.filter(({ id }) => id !== "owner");
      state.tenant = {
        ...state.tenant,
        people: [...others, ...people.map((one) => ({ ...one, roles: [...one.roles] }))],
      };
      const after = await evaluate(context);
      expect(emitted(after)).toEqual(["ApprovalVoided", "ApprovalRequested"]);
      expect(after.emits[0]?.data).toMatchObject({
        code: "UnauthorizedApprover",
        message: expect.stringContaining(why),
      });
    }
  });

  it.each<[string, (vote: JsonObject) => JsonObject]>([
    ["not signed", ({ signature: _, ...vote }) => vote],
    ["altered in its comment", (vote) => ({ ...vote, comment: "ship it" })],
    ["given to somebody else", (vote) => ({ ...vote, by: "manager" })],
    [
      "signed with an unknown key",
      (vote) => ({ ...vote, signature: { by: "server", keyId: "x", value: "AA==" } }),
    ],
    ["without a form", ({ roles: _, ...vote }) => vote],
  ])("neither counts nor forgets a vote that is %s", async (_what, forge) => {
    const { evaluate } = world({ requiresApproval: true });
    const context = contextOf();
    context.record("ApprovalGranted", forge(voteOn(context, await evaluate(context))));
    const verdict = await evaluate(context);
    expect(emitted(verdict)).toEqual(["ApprovalVoided", "ApprovalRequested"]);
    expect(verdict.emits[0]?.data).toMatchObject({ code: "SignatureInvalid" });
    keep(context, verdict);
    expect(emitted(await evaluate(context))).toEqual(["ApprovalRequested"]);
  });

  it.each<[string, Partial<VoteFacts>]>([
    ["release", { releaseId: "release-000006" }],
    ["environment", { environment: "staging" }],
    [
      "tenant",
      { subject: { tenantId: "acme", traceId: "trace-2025-05-23-0012", moduleId: "booking-service" } },
    ],
  ])("does not count a vote that was signed for another %s", async (_what, other) => {
    const { evaluate } = world({ requiresApproval: true });
    const context = contextOf();
    const replayed = voteOn(context, await evaluate(context), other);
    context.record("ApprovalGranted", { ...replayed, releaseId });
    expect(emitted(await evaluate(context))).toEqual(["ApprovalVoided", "ApprovalRequested"]);
  });

  it("does not reject for a refusal that nobody signed", async () => {
    const { evaluate } = world({ requiresApproval: true });
    const context = contextOf();
    const asked = await evaluate(context);
    const { signature: _, ...forged } = voteOn(context, asked, { decision: "refused", comment: "no" });
    context.record("ApprovalRefused", forged);
    const verdict = await evaluate(context);
    expect(emitted(verdict)).toEqual(["ApprovalVoided", "ApprovalRequested"]);
    expect(verdict.emits[0]?.data).toMatchObject({ message: "the refusal is not signed" });
  });

  it("asks again when a vote has run out, at the time when it does", async () => {
    const { evaluate } = world({ requiresApproval: true, minApprovers: 2, approvalExpiry: "3d" });
    const context = contextOf();
    approve(context, await evaluate(context), "owner");
    expect(await evaluate(context)).toMatchObject({ status: "Delayed", until: "2025-05-26T10:00:00.000Z" });
    later(context, "2025-05-26T10:00:00.000Z");
    const after = await evaluate(context);
    expect(emitted(after)).toEqual(["ApprovalVoided", "ApprovalRequested"]);
    expect(after.emits[0]?.data).toMatchObject({ code: "ApprovalExpired" });
    expect(after.emits[1]?.data).toMatchObject({ missing: 2 });
  });

  it("goes to the next role when nobody answers, once each, and not where a person did it before", async () => {
    const escalation = [
      { after: "4h", to: ["ReleaseManager"] },
      { after: "1d", to: ["StudioAdmin"] },
    ];
    const { evaluate } = world({ requiresApproval: true, escalation });
    const context = contextOf();
    const asked = await evaluate(context);
    expect(asked).toMatchObject({ until: "2025-05-23T14:00:00.000Z" });
    keep(context, asked);
    later(context, "2025-05-23T14:00:00.000Z");
    const raised = await evaluate(context);
    expect(raised).toMatchObject({ until: "2025-05-24T10:00:00.000Z" });
    expect(emitted(raised)).toEqual(["EscalationRaised", "ApprovalRequested"]);
    expect(raised.emits[0]?.data).toMatchObject({ who: ["ReleaseManager"], step: 1, waits: true });
    keep(context, raised);
    expect(emitted(await evaluate(context))).toEqual(["ApprovalRequested"]);
    const byHand = {
      releaseId,
      step: 2,
      what: "w",
      who: ["StudioAdmin"],
      next: "n",
      reasons: [],
      waits: true,
    };
    context.record("EscalationRaised", byHand);
    later(context, "2025-05-25T10:00:00.000Z");
    const last = await evaluate(context);
    expect(emitted(last)).toEqual(["ApprovalRequested"]);
    expect(last).not.toHaveProperty("until");
  });

  it("never counts who wrote commits of the change, by who pushed them or by their address", async () => {
    for (const merged of [{ authors: ["owner"] }, { commitAddresses: ["O.Wner@example.com"] }]) {
      const { evaluate, state } = world({ requiresApproval: true });
      const [jane, owner, ...others] = state.tenant.people;
      if (jane === undefined || owner === undefined) throw new Error("nobody is there");
      state.tenant = {
        ...state.tenant,
        people: [jane, { ...owner, emails: ["o.wner@example.com"] }, ...others],
      };
      const context = contextOf();
      context.record("PullRequestMerged", { number: 1, commit: "m1", tree: "t1", ...merged });
      const asked = await evaluate(context);
      expect(asked.emits[0]?.data).toMatchObject({ mayApprove: ["manager"] });
      approve(context, asked, "owner");
      expect((await evaluate(context)).emits[0]?.data).toMatchObject({ code: "SelfApproval" });
    }
  });

  it("shows what no rollback would take back, in the request for approval", async () => {
    const { evaluate } = world({ requiresApproval: true });
    const context = contextOf();
    const irreversible = ["`npm run contract` cannot be taken back"];
    context.written["deployments/RolloutPlan.yaml"] = stringify({ rollback: { irreversible } });
    expect((await evaluate(context)).emits[0]).toMatchObject({
      name: "ApprovalRequested",
      data: { irreversible },
    });
    expect((await evaluate(contextOf())).emits[0]?.data).not.toHaveProperty("irreversible");
  });

  it("never counts the sponsor", async () => {
    const { evaluate } = world({ requiresApproval: true });
    const context = contextOf();
    approve(context, await evaluate(context), sampleHandOver().sponsor);
    expect((await evaluate(context)).emits[0]?.data).toMatchObject({ code: "SelfApproval" });
  });

  it("rejects when a person refuses, whatever the gates say", async () => {
    const { evaluate } = world({ requiresApproval: true });
    const context = contextOf();
    const asked = await evaluate(context);
    const said = { decision: "refused" as const, comment: "not this week" };
    context.record("ApprovalRefused", voteOn(context, asked, said));
    const verdict = await evaluate(context);
    expect(verdict).toMatchObject({ status: "Failed", refusal: { code: "ApprovalRefused" } });
    expect(emitted(verdict)).toEqual(["ReleaseRejected"]);
    expect(verdict.emits[0]?.data.reasons).toMatchObject([{ code: "ApprovalRefused" }]);
  });

  it("holds a version that was rolled back until a person asks for it again", async () => {
    const { evaluate, state } = world({ requiresApproval: false });
    const at = "2025-05-23T10:00:00.000Z";
    state.hold = { version: "1.0.0", releaseId: "release-000003", reason: "never ready", at };
    const context = contextOf();
    expect(await evaluate(context)).toMatchObject({ status: "Delayed", emits: [{ name: "ReleaseDelayed" }] });
    const later = { time: "2025-05-23T11:00:00.000Z", environment: "production" };
    context.record("DeployRequested", { by: "agent" }, later);
    expect(emitted(await evaluate(context))).toEqual(["ReleaseDelayed"]);
    context.record("DeployRequested", { by: "manager" }, { ...later, source: "/cli" });
    expect(emitted(await evaluate(context))).toEqual(["ReleaseApproved"]);
  });

  it("holds the same bytes under another version", async () => {
    const { evaluate, state } = world({ requiresApproval: false });
    const at = "2025-05-23T10:00:00.000Z";
    state.hold = { version: "0.9.0", releaseId: "release-000003", reason: "never ready", at };
    expect((await evaluate(contextOf())).emits[0]?.data.reasons).toMatchObject([
      { code: "VersionHeld", message: expect.stringContaining("0.9.0, which is the same bytes") },
    ]);
  });

  it("puts a hotfix on the path that policy describes, and says whose word it was", async () => {
    const hotfix = { roles: ["ReleaseManager"], minApprovers: 0 };
    const { evaluate } = world({ requiresApproval: true, minApprovers: 2, hotfix });
    const context = contextOf();
    expect(emitted(await evaluate(context))).toEqual(["ApprovalRequested"]);
    const word = { by: "manager", comment: "double bookings", releaseId };
    context.record("HotfixApproved", word, { environment: "production", source: "/cli" });
    expect(emitted(await evaluate(context))).toEqual(["ReleaseApproved"]);
    expect(JSON.parse(context.written["releases/ReleaseSummary.json"] ?? "")).toMatchObject({
      hotfix: { by: "manager", comment: "double bookings" },
      policy: { minApprovers: 0 },
    });
  });

  it("waits as long as a person has put it off, and no longer than they want", async () => {
    const { evaluate } = world({ requiresApproval: false });
    const context = contextOf();
    const until = "2025-05-23T12:00:00.000Z";
    const told = { environment: "production", source: "/cli" };
    context.record("RetryDelayed", { by: "manager", until, reason: "after lunch" }, told);
    expect(await evaluate(context)).toMatchObject({ status: "Delayed", until });
    context.record("RetryDelayed", { by: "manager", reason: "a setting changed", settings: true }, told);
    expect(emitted(await evaluate(context))).toEqual(["ReleaseDelayed"]);
    context.record("RetryDelayed", { by: "manager", reason: "now" }, told);
    expect(emitted(await evaluate(context))).toEqual(["ReleaseApproved"]);
  });

  it("holds a module whose dependency does not serve yet, and writes the order of the trace", async () => {
    const { evaluate, state } = world({ requiresApproval: false });
    const delivery = {
      version: "2.0.0",
      dependsOn: [],
      goesHere: true,
      handedOverAt: "2025-05-23T09:00:00.000Z",
      states: ["deploying"],
      hasServed: false,
    };
    const module = { ...sampleHandOver().module, dependsOn: ["accounts"] };
    const own = { moduleId: module.id, known: true, delivery: { ...delivery, dependsOn: ["accounts"] } };
    state.modules = [{ moduleId: "accounts", known: true, delivery }, own];
    const context = contextOf({ module });
    const held = await evaluate(context);
    expect(held).toMatchObject({ status: "Delayed", wakeOn: expect.arrayContaining(["DependencyDeployed"]) });
    expect(held.emits[0]?.data.reasons).toMatchObject([
      { code: "DependencyNotReady", message: expect.stringContaining("accounts 2.0.0 of this trace") },
    ]);
    const plan = () => parse(context.written["releases/ReleasePlan.yaml"] ?? "");
    expect(plan()).toMatchObject({
      waves: [["accounts"], [module.id]],
      modules: [
        { moduleId: "accounts", wave: 1, state: "ahead" },
        { moduleId: module.id, wave: 2, state: "waiting" },
      ],
    });
    const { traceId } = context.invocation;
    const serving = {
      releaseId: "release-000009",
      version: "2.0.0",
      traceId,
      deployedAt: "2025-05-23T09:30:00.000Z",
      since: "2025-05-23T09:30:00.000Z",
    };
    state.modules = [{ moduleId: "accounts", known: true, delivery, serving }, own];
    expect(emitted(await evaluate(context))).toEqual(["ReleaseApproved"]);
    expect(plan().modules[0]).toMatchObject({ state: "live", releaseId: "release-000009" });
  });

  it("numbers a release once for one invocation", async () => {
    const { agent } = world({});
    const context = contextOf();
    const outcome = await agent.skills.ProposeRelease?.(context);
    expect(outcome?.emits[0]).toMatchObject({
      name: "ReleaseProposed",
      data: { releaseId, version: "1.0.0" },
    });
  });
});
