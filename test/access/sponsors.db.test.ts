/** On whose authority agents act: what both the agent and its sponsor may, and nothing more. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventName } from "../../src/domain/event/event.ts";
import { parseTenant } from "../../src/domain/tenant/parse-tenant.ts";
import { explainAccess } from "../../src/operations/access/explain-access.ts";
import { identifyCaller } from "../../src/operations/accounts/identify-caller.ts";
import { approveRelease } from "../../src/operations/decide-release.ts";
import { explainDelivery, getDelivery } from "../../src/operations/get-delivery.ts";
import { handOver } from "../../src/operations/hand-over.ts";
import { listPending } from "../../src/operations/list-pending.ts";
import { replayDelivery } from "../../src/operations/replay-delivery.ts";
import { takeOver } from "../../src/operations/sponsors/take-over.ts";
import type { Caller } from "../../src/operations/system.ts";
import { createTestSystem, exampleFolder, type TestSystem } from "../support/system.ts";

const jane = "{ id: jane, roles: [Developer, ProductOwner] }";
const people = ["{ id: max, roles: [ReleaseManager] }", "{ id: nina, roles: [Developer, ProductOwner] }"];
const source = { kind: "folder" as const, path: exampleFolder };

const declaration = (first: string, more = "") => `id: vetclinic-001
people: [${[first, ...people].filter((one) => one !== "").join(", ")}, { id: ada, roles: [StudioAdmin] }]
environments: [{ id: staging }, { id: production }]
releasePolicy: { environments: { production: { requiresApproval: true, roles: [ProductOwner, ReleaseManager] } } }
${more}`;

describe("a sponsor", () => {
  let rig: TestSystem;
  const declare = (text: string) => rig.system.tenants.put(parseTenant(text, "tenant.yaml"), "ada", text);
  const caller = (person: string, roles: Caller["roles"]): Caller => ({
    ...{ tenantId: "vetclinic-001", person, roles, method: "cli" },
  });
  const namesOn = async (subject: Parameters<typeof explainDelivery>[2]) =>
    (await rig.system.store.events(subject)).map(eventName);

  beforeEach(async () => {
    rig = await createTestSystem();
    await declare(declaration(jane));
  });
  afterEach(() => rig.close());

  async function waiting() {
    const { subject } = await handOver(rig.system, caller("jane", ["Developer"]), { source });
    await rig.until(subject, (_, kind) => kind === "waiting");
    return subject;
  }

  test("who was removed stops the delivery in a named state, says the way on, and somebody takes it over", async () => {
    const { system } = rig;
    const subject = await waiting();
    await declare(declaration(""));
    await approveRelease(system, caller("max", ["ReleaseManager"]), { releaseId: "release-000002" });
    await rig.until(subject, (_, kind) => kind === "stopped");
    const explanation = await explainDelivery(system, caller("max", []), subject);
    expect(explanation.sentence).toMatch(/SponsorMissing.*jane, who is no person of vetclinic-001 any more/);
    expect(JSON.stringify(explanation)).toContain(`connectsoft take-over ${subject.traceId}`);
    const taken = await takeOver(system, caller("nina", ["Developer"]), { ...subject, reason: "jane left" });
    expect(taken).toMatchObject({ from: "jane", to: "nina", restart: { instance: "production" } });
    await rig.until(subject, (_, kind) => kind === "published");
    expect(await getDelivery(system, caller("nina", []), subject)).toMatchObject({ sponsor: "nina" });
    expect(await replayDelivery(system, caller("nina", []), subject)).toMatchObject({ same: true });
    expect(await namesOn(subject)).toContain("SponsorChanged");
    const denied = await system.journal.read("vetclinic-001", { acts: ["AccessDenied"] });
    expect(denied.map(({ actor, data }) => [actor, data.code])).toEqual([
      ["agent:cloud-provisioner", "SponsorMissing"],
    ]);
  });

  test("neither the old nor the new sponsor approves", async () => {
    const { system } = rig;
    const subject = await waiting();
    await takeOver(system, caller("nina", ["Developer"]), { ...subject, reason: "holidays" });
    for (const person of ["jane", "nina"])
      await expect(
        approveRelease(system, caller(person, ["ProductOwner", "Developer"]), {
          releaseId: "release-000002",
        }),
      ).rejects.toMatchObject({ refusal: { code: "SelfApproval" } });
    await expect(
      approveRelease(system, caller("jane", ["ProductOwner"]), { releaseId: "release-000002" }),
    ).rejects.toThrow("jane handed this change over before it was taken over and cannot approve it");
    const [pending] = await listPending(system, caller("max", ["ReleaseManager"]));
    expect(pending).toMatchObject({ sponsor: "nina", eligible: ["max"] });
  });

  test("what a tenant's own policy takes from agents, no sponsor gives them", async () => {
    await declare(
      declaration(
        jane,
        `policies: [{ id: no-merges, cedar: 'forbid (principal is Agent, action == Action::"merge", resource);' }]`,
      ),
    );
    const { subject } = await handOver(rig.system, caller("jane", ["Developer"]), { source });
    await rig.until(subject, (_, kind) => kind === "stopped");
    const { sentence } = await explainDelivery(rig.system, caller("jane", []), subject);
    expect(sentence).toMatch(/pull-request-creator failed MergePullRequest .*no-merges/);
  });

  test("what an overlay keeps from an agent in one environment is denied there, said by name and on record", async () => {
    const overlay = "agents: { deployment-orchestrator: { withheld: [deploy] } }";
    await declare(declaration(jane).replace("production: {", `production: { ${overlay},`));
    const { subject } = await handOver(rig.system, caller("jane", ["Developer"]), { source });
    await rig.until(subject, (_, kind) => kind === "waiting" || kind === "stopped");
    await approveRelease(rig.system, caller("max", ["ReleaseManager"]), { releaseId: "release-000002" });
    await rig.until(subject, (_, kind) => kind === "stopped" || kind === "failed");
    const denied = await rig.system.journal.read("vetclinic-001", { acts: ["AccessDenied"] });
    expect(denied.map(({ actor, data }) => [actor, data.action, data.policies])).toEqual([
      ["agent:deployment-orchestrator", "deploy", ["agent-overlay"]],
    ]);
    const asked = { who: "agent:deployment-orchestrator", what: "deploy", where: "production" };
    const explained = await explainAccess(rig.system, caller("max", ["ReleaseManager"]), asked);
    expect(explained.rules.map(({ id }) => id)).toEqual(["agent-overlay"]);
  });

  test("what a tenant's own policy takes from the sponsor, no agent does for them", async () => {
    await declare(
      declaration(
        jane,
        `policies: [{ id: not-jane, cedar: 'forbid (principal == Person::"jane", action == Action::"deploy", resource);' }]`,
      ),
    );
    const { subject } = await handOver(rig.system, caller("jane", ["Developer"]), { source });
    await rig.until(subject, (_, kind) => kind === "stopped");
    const { sentence } = await explainDelivery(rig.system, caller("jane", []), subject);
    expect(sentence).toMatch(/SponsorMissing.*jane \(Developer, ProductOwner\) may not deploy.*not-jane/);
  });

  describe("of a service account", () => {
    const account = (keys: string) => declaration(jane, `serviceAccounts: [{ id: ci, ${keys} }]`);
    async function callerOf(token: string): Promise<Caller> {
      const identified = await identifyCaller(rig.system, { token, method: "api" });
      if ("caller" in identified) return identified.caller;
      throw new Error(identified.refusal.message);
    }
    const service = async () =>
      callerOf(
        await rig.system.accounts.issueToken({ tenantId: "vetclinic-001", person: "service:ci" }, "ci"),
      );

    test("is its owner, and the chain says that the account handed over", async () => {
      await declare(account("owner: jane, roles: [Developer]"));
      const { subject } = await handOver(rig.system, await service(), { source });
      const [first] = await rig.system.store.events(subject);
      expect(first?.data).toMatchObject({ sponsor: "jane", handedOverBy: "service:ci" });
      await rig.until(subject, (_, kind) => kind === "waiting");
      await expect(
        approveRelease(rig.system, caller("jane", ["ProductOwner"]), { releaseId: "release-000002" }),
      ).rejects.toMatchObject({ refusal: { code: "SelfApproval" } });
    });

    test.each([
      ["has no owner", "roles: [Developer]", "SponsorMissing"],
      ["has an owner who left", "owner: olga, roles: [Developer]", "SponsorMissing"],
      ["has an owner who may not hand over", "owner: ada, roles: [Developer]", "SponsorMissing"],
    ])("that %s hands nothing over", async (_, keys, code) => {
      await declare(account(keys));
      await expect(handOver(rig.system, await service(), { source })).rejects.toMatchObject({
        refusal: { code },
      });
      expect(await rig.system.store.list({ tenantId: "vetclinic-001" })).toEqual([]);
    });

    test("never counts as an approver, whatever roles it has", async () => {
      await declare(account("owner: nina, roles: [ProductOwner, ReleaseManager]"));
      await waiting();
      await expect(
        approveRelease(rig.system, await service(), { releaseId: "release-000002" }),
      ).rejects.toMatchObject({ refusal: { code: "MachineApprover" } });
    });

    test("has its tokens end with the account", async () => {
      await declare(account("owner: jane, roles: [Developer]"));
      const token = await rig.system.accounts.issueToken(
        { tenantId: "vetclinic-001", person: "service:ci" },
        "ci",
      );
      expect(await callerOf(token)).toMatchObject({ person: "service:ci", owner: "jane" });
      await declare(declaration(jane));
      expect(await identifyCaller(rig.system, { token, method: "api" })).toMatchObject({
        refusal: { code: "TokenRevoked" },
      });
    });
  });
});
