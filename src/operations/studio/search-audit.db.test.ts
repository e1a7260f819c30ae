import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestSystem, type TestSystem } from "../../../test/support/system.ts";
import type { Subject } from "../../domain/scope.ts";
import { catalogue } from "../catalogue.ts";
import { approveRelease } from "../decide-release.ts";
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
      { tone: "warning", what: expect.stringMatching(/^jane was not let tenant/) },
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
