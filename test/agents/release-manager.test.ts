import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { createDigestReader } from "../../src/agents/approval-digests.ts";
import { createReleaseManager } from "../../src/agents/release-manager/agent.ts";
import { releaseManagerManifest } from "../../src/agents/release-manager/manifest.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import { type Tenant, tenantSchema } from "../../src/domain/tenant/tenant.ts";
import type { AgentOutcome } from "../../src/ports/agent.ts";
import type { Hold } from "../../src/ports/release-ledger.ts";
import { type FakeContext, fakeContext, sampleHandOver } from "../support/agent-context.ts";

const digest = `sha256:${"a".repeat(64)}`;
const releaseId = "release-000007";

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
  };
  const settings = { listConfig: async () => state.config, listSecrets: async () => [] };
  const tenants = { get: async () => state.tenant };
  const ledger = { allocate: async () => releaseId, isHeld: async () => state.hold };
  const readDigests = createDigestReader({ settings, tenants });
  const agent = createReleaseManager({ settings, tenants, ledger, readDigests });
  const evaluate = (context: FakeContext): Promise<AgentOutcome> => {
    const skill = agent.skills.EvaluateRelease;
    if (skill === undefined) throw new Error("no such skill");
    return skill(context);
  };
  return { state, agent, evaluate };
}

function contextOf(): FakeContext {
  return fakeContext({
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

function approve(context: FakeContext, outcome: AgentOutcome, by: string): void {
  const digests = outcome.emits.find((emission) => emission.name === "ApprovalRequested")?.data
    .digests as JsonObject;
  context.record("ApprovalGranted", { releaseId, by, method: "CLI", comment: "checked", digests });
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
    approve(context, await evaluate(context), "owner");
    state.config = { GREETING: "hello" };
    const again = await evaluate(context);
    expect(emitted(again)).toEqual(["ApprovalVoided", "ApprovalRequested"]);
    expect(again.emits[0]?.data.message).toContain("configuration");
    context.record("ApprovalVoided", again.emits[0]?.data ?? {});
    expect(emitted(await evaluate(context))).toEqual(["ApprovalRequested"]);
  });

  it("never counts the sponsor", async () => {
    const { evaluate } = world({ requiresApproval: true });
    const context = contextOf();
    approve(context, await evaluate(context), sampleHandOver().sponsor);
    expect(emitted(await evaluate(context))).toEqual(["ApprovalRequested"]);
  });

  it("rejects when a person refuses, whatever the gates say", async () => {
    const { evaluate } = world({ requiresApproval: true });
    const context = contextOf();
    const asked = await evaluate(context);
    const digests = asked.emits[0]?.data.digests as JsonObject;
    context.record("ApprovalRefused", {
      releaseId,
      by: "owner",
      method: "CLI",
      comment: "not this week",
      digests,
    });
    const verdict = await evaluate(context);
    expect(verdict).toMatchObject({ status: "Failed", refusal: { code: "ApprovalRefused" } });
    expect(emitted(verdict)).toEqual(["ReleaseRejected"]);
  });

  it("holds a version that was rolled back until a person asks for it again", async () => {
    const { evaluate, state } = world({ requiresApproval: false });
    const at = "2025-05-23T10:00:00.000Z";
    state.hold = { version: "1.0.0", releaseId: "release-000003", reason: "never ready", at };
    const context = contextOf();
    expect(await evaluate(context)).toMatchObject({ status: "Delayed", emits: [{ name: "ReleaseDelayed" }] });
    context.record(
      "DeployRequested",
      { by: "manager" },
      { time: "2025-05-23T11:00:00.000Z", environment: "production" },
    );
    expect(emitted(await evaluate(context))).toEqual(["ReleaseApproved"]);
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
