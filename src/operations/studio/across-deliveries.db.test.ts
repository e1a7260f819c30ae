import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestSystem, type TestSystem } from "../../../test/support/system.ts";
import type { Subject } from "../../domain/scope.ts";
import { catalogue } from "../catalogue.ts";
import { approveRelease } from "../decide-release.ts";
import type { Insight } from "./get-insight.ts";
import type { AuditPage } from "./search-audit.ts";
import { verifyDelivery } from "./verify-delivery.ts";

let stage: TestSystem;
let subject: Subject;
beforeAll(async () => {
  stage = await createTestSystem();
  subject = await stage.deliver();
  await stage.until(subject, (_sentence, kind) => kind === "waiting");
  const { system, as } = stage;
  const releaseId = "release-000002";
  await expect(approveRelease(system, as("jane"), { releaseId, comment: "mine" })).rejects.toThrow();
  await approveRelease(system, as("max"), { releaseId, comment: "seen it in staging" });
  await stage.until(subject, (_sentence, kind) => kind === "published");
});
afterAll(() => stage.close());

const call = (name: string, person: string, input: object = {}) =>
  catalogue.find((operation) => operation.name === name)?.run(stage.system, stage.as(person), input);
const search = async (input: object = {}) => (await call("searchAudit", "ada", input)) as AuditPage;
const namesOf = async (input: object) => (await search(input)).items.map(({ name }) => name);

describe("the search over what happened", () => {
  test("finds who approved, in words, newest first, with what seals it", async () => {
    const { items } = await search({ who: "max", outcome: "approved", of: "deliveries" });
    expect(items).toMatchObject([
      {
        name: "ApprovalGranted",
        outcome: "approved",
        who: { kind: "person", name: "max" },
        what: "Approved by max.",
        why: "seen it in staging",
        subject,
        environment: "production",
        releaseId: "release-000002",
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
  });

  test("finds what was blocked, in chains and in the journal", async () => {
    await expect(call("applyTenant", "jane", { text: "id: vetclinic-001" })).rejects.toThrow();
    expect(await namesOf({ outcome: "blocked", who: "jane" })).toEqual(["AccessDenied", "ApprovalVoided"]);
    const { items } = await search({ action: "AccessDenied", who: "jane" });
    expect(items).toMatchObject([
      { tone: "warning", what: expect.stringMatching(/^jane was not permitted to /) },
    ]);
  });

  test("finds what completed and what failed, by environment, module, release and time", async () => {
    expect(await namesOf({ outcome: "completed", environment: "production" })).toContain(
      "DeploymentCompleted",
    );
    expect(await namesOf({ outcome: "failed" })).toEqual([]);
    expect(
      await namesOf({ action: "ReleasePublished,ReleaseProposed", moduleId: "booking-service" }),
    ).toEqual(["ReleasePublished", "ReleaseProposed", "ReleaseProposed"]);
    expect(await namesOf({ releaseId: "release-000001", action: "ReleaseProposed" })).toHaveLength(1);
    expect(await namesOf({ to: "2020-01-01T00:00:00Z" })).toEqual([]);
    expect(await namesOf({ from: "2999-01-01T00:00:00Z" })).toEqual([]);
    expect(await namesOf({ moduleId: "nothing-of-ours" })).toEqual([]);
  });

  test("leaves the work of agents out", async () => {
    const names = await namesOf({ limit: 500 });
    expect(names).toContain("ModuleReady");
    expect(names.filter((name) => /^(AgentInvoked|AgentCompleted|ArtifactWritten)$/.test(name))).toEqual([]);
  });

  test("pages through chains and journal together, without a gap or a repetition", async () => {
    const keys = (page: AuditPage) => page.items.map(({ name, sequence }) => `${name} ${sequence}`);
    const whole = keys(await search({ limit: 500 }));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await search({ limit: 3, ...(cursor !== undefined && { cursor }) });
      seen.push(...keys(page));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(whole);
    expect(new Set(whole.map((key) => key)).size).toBeGreaterThan(10);
  });

  test("says nothing to another tenant", async () => {
    const other = { ...stage.as("ada"), tenantId: "globex" };
    const operation = catalogue.find(({ name }) => name === "searchAudit");
    const page = (await operation?.run(stage.system, other, {}).catch(() => ({ items: [] }))) as AuditPage;
    expect(page.items).toEqual([]);
  });
});

describe("the measures of delivery", () => {
  const insight = async (input: object = {}) => (await call("getInsight", "ada", input)) as Insight;

  test("are read from what happened, of where changes arrive, told apart and over time", async () => {
    const found = await insight();
    expect(found).toMatchObject({
      environment: "production",
      total: { deployments: 1, failures: 0, changeFailureRate: 0, rollbacks: 0, recoveryTimeMs: null },
      groups: [{ key: "booking-service", deployments: 1 }],
      pendingApprovals: 0,
      truncated: false,
    });
    expect(found.total.leadTimeMs?.count).toBe(1);
    expect(found.total.approvalWaitMs?.count).toBe(1);
    expect(found.series.reduce((sum, { deployments }) => sum + deployments, 0)).toBe(1);
    expect((await insight({ by: "sponsor" })).groups).toMatchObject([{ key: "jane" }]);
  });

  test.each([
    [{ environment: "staging" }, 1],
    [{ moduleId: "nothing-of-ours" }, 0],
    [{ sponsor: "max" }, 0],
    [{ sponsor: "jane" }, 1],
    [{ to: "2020-01-31T00:00:00Z" }, 0],
  ])("are of what is asked for: %j", async (input, deployments) => {
    expect((await insight(input)).total.deployments).toBe(deployments);
  });

  test("are of no longer than four hundred days", async () => {
    const asked = insight({ from: "2020-01-01T00:00:00Z", to: "2022-01-01T00:00:00Z" });
    await expect(asked).rejects.toThrow(/from: expected a time within 400 days/);
  });

  test("count a release that was taken back, and how long that took", async () => {
    const told = { source: "/cli", environment: "production", releaseId: "release-000002" };
    const reasons = [{ code: "Slow", message: "it is slow" }];
    const data = { releaseId: "release-000002", reasons };
    await stage.system.engine.append(subject, [{ ...told, name: "RollbackTriggered", data }]);
    await stage.system.engine.append(subject, [
      { ...told, name: "RollbackCompleted", data: { releaseId: "release-000002", restored: null } },
    ]);
    const { total, rollbacks } = await insight();
    expect(total).toMatchObject({ failures: 1, changeFailureRate: 1, rollbacks: 1, rollbackRate: 1 });
    expect(total.recoveryTimeMs?.count).toBe(1);
    expect(rollbacks.modules).toMatchObject([{ moduleId: "booking-service", rollbacks: 1, tried: 1 }]);
  });
});

describe("the verifier in the browser's view", () => {
  const verify = (tenant = false) => verifyDelivery(stage.system, stage.as("ada"), { ...subject, tenant });

  test("answers check by check, and signs nothing for being asked", async () => {
    const before = await verify();
    expect(before.checks.map(({ check, verdict }) => [check, verdict])).toEqual([
      ["chain", "holds"],
      ["replay", "holds"],
      ["votes", "holds"],
      ["artifacts", "holds"],
      ["log", "not-yet"],
    ]);
    expect(before.good).toBe(true);
    await stage.system.auditLog.checkpoint("vetclinic-001");
    const after = await verify(true);
    expect(after.checks.slice(-2)).toMatchObject([
      { check: "log", verdict: "holds" },
      { check: "tenant", verdict: "holds" },
    ]);
  });

  test("finds an event and an artifact that were changed in the database", async () => {
    const { pool } = stage;
    await pool.query(
      `update connectsoft.events set body = replace(body, 'seen it in staging', 'never looked')
        where name = 'ApprovalGranted'`,
    );
    await pool.query(
      `update connectsoft.artifacts set content = content || ' ' where name = 'CommitMetadata.json'`,
    );
    const { good, checks } = await verify();
    expect(good).toBe(false);
    const verdicts = Object.fromEntries(checks.map(({ check, verdict }) => [check, verdict]));
    expect(verdicts).toMatchObject({ chain: "fails", votes: "fails", artifacts: "fails", log: "holds" });
    expect(checks.find(({ check }) => check === "chain")?.says).toMatch(/^Event \d+ was changed/);
  });
});
