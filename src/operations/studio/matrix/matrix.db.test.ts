import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestSystem, type TestSystem } from "../../../../test/support/system.ts";
import type { Subject } from "../../../domain/scope.ts";
import type { LedgerEntry } from "../../../ports/release-ledger.ts";
import { quickProbes } from "../../../ports/target.conformance.ts";
import { getMatrix } from "./get-matrix.ts";
import type { MatrixCell } from "./matrix-cell.ts";

let stage: TestSystem;
let subject: Subject;
beforeAll(async () => {
  stage = await createTestSystem();
  subject = await stage.deliver();
  await stage.until(subject, (_sentence, kind) => kind === "waiting");
  await stage.system.ledger.record(served("release-000001", "Deployed"));
});
afterAll(() => stage.close());

function served(releaseId: string, outcome: LedgerEntry["outcome"]): LedgerEntry {
  const { tenantId, moduleId, traceId } = subject;
  const release = { releaseId, version: "1.0.0", artifact: `sha256:${"0".repeat(64)}` };
  const spec = {
    ...{
      ...release,
      namespace: "vetclinic-001-staging",
      moduleId,
      start: { run: ["node", "x.js"] },
      hosts: [],
    },
    ...{ portVariable: "PORT", probes: quickProbes, startupTimeoutMs: 1_000, configuration: {}, secrets: [] },
  } as unknown as LedgerEntry["spec"];
  const where = { tenantId, moduleId, traceId, environment: "staging" };
  return {
    ...release,
    ...where,
    spec,
    outcome,
    reasons: [],
    at: "2026-01-01T00:00:00.000Z",
    invocationId: outcome,
  };
}

const matrixOf = (person: string, more: object = {}) =>
  getMatrix(stage.system, stage.as(person), { limit: 50, ...more });
const cellsOf = async (person: string): Promise<Record<string, MatrixCell>> =>
  Object.fromEntries(((await matrixOf(person)).rows[0]?.cells ?? []).map((cell) => [cell.environment, cell]));

describe("the matrix", () => {
  test("shows what serves and what is on its way, a cell for each environment of each module", async () => {
    const { environments, rows, nextCursor } = await matrixOf("olga");
    expect(environments).toEqual(["staging", "production"]);
    expect(rows.map(({ moduleId }) => moduleId)).toEqual(["booking-service"]);
    expect(nextCursor).toBeUndefined();
    const { staging, production } = await cellsOf("olga");
    expect(staging).toMatchObject({
      serving: {
        version: "1.0.0",
        releaseId: "release-000001",
        subject,
        deployedAt: "2026-01-01T00:00:00.000Z",
        commit: expect.any(String),
        health: { word: "unseen" },
      },
      coming: [],
      held: [],
    });
    expect(production).not.toHaveProperty("serving");
    expect(production?.coming).toMatchObject([
      { subject, releaseId: "release-000002", state: { word: "needs-approval" } },
    ]);
  });

  test("says to each person what is theirs to do there, and why the rest is not", async () => {
    const olga = await cellsOf("olga");
    expect(olga.staging?.actions.deploy).toEqual({ allowed: true });
    expect(olga.staging?.actions.rollback).toEqual({
      allowed: false,
      why: "There is no release before it in staging to go back to.",
    });
    expect(olga.production?.actions.rollback).toMatchObject({
      allowed: false,
      why: "Nothing of booking-service serves in production.",
    });
    expect(olga.production?.actions.delay).toMatchObject({
      allowed: false,
      why: expect.stringContaining("olga"),
    });
    expect((await cellsOf("max")).production?.actions.delay).toEqual({ allowed: true });
    expect((await cellsOf("jane")).staging?.actions.rollback).toMatchObject({
      allowed: false,
      why: expect.stringMatching(/jane \(Developer\) may not roll back/),
      next: expect.any(String),
    });
  });

  test("shows what differs as the newest look found it, until it is corrected", async () => {
    const told = { source: "/engine", environment: "staging", releaseId: "release-000001" };
    const differences = [{ kind: "configuration", words: "GREETING is hello, and good day was approved" }];
    const data = { releaseId: "release-000001", differences };
    await stage.system.engine.append(subject, [
      { ...told, name: "DriftDetected", data: { ...data, correct: false } },
    ]);
    const drift = async () => (await cellsOf("olga")).staging?.serving?.drift;
    expect(await drift()).toMatchObject({ differences: ["GREETING is hello, and good day was approved"] });
    await stage.system.engine.append(subject, [{ ...told, name: "DriftCorrected", data }]);
    expect(await drift()).toBeUndefined();
  });

  test("shows versions that are held", async () => {
    const { tenantId, moduleId } = subject;
    const hold = {
      version: "0.9.0",
      releaseId: "release-000000",
      reason: "slow",
      at: "2026-01-02T00:00:00.000Z",
    };
    await stage.system.ledger.hold({ tenantId, environment: "production", moduleId }, hold);
    expect((await cellsOf("olga")).production?.held).toEqual([hold]);
  });

  test.each([
    [{ q: "BOOK" }, 1],
    [{ q: "clinic" }, 0],
    [{ cursor: "booking-service" }, 0],
  ])("finds modules by %j", async (more, count) => {
    expect((await matrixOf("olga", more)).rows).toHaveLength(count);
  });

  test("has one environment where one is asked for", async () => {
    expect((await matrixOf("olga", { environment: "production" })).environments).toEqual(["production"]);
  });

  test("records nothing and counts nothing for being looked at", async () => {
    const before = await stage.system.journal.read("vetclinic-001");
    await matrixOf("jane");
    expect(await stage.system.journal.read("vetclinic-001")).toEqual(before);
  });
});
