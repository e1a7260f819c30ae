import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestSystem, type TestSystem } from "../../../../test/support/system.ts";
import type { Subject } from "../../../domain/scope.ts";
import { overrideCvePossibility } from "./override-actions.ts";

let stage: TestSystem;
let subject: Subject;
beforeAll(async () => {
  stage = await createTestSystem();
  subject = await stage.deliver();
  await stage.until(subject, (_sentence, kind) => kind === "waiting");
});
afterAll(() => stage.close());

async function mayOverride(person: string) {
  const { store } = stage.system;
  const [record, events] = [await store.load(subject), await store.events(subject)];
  if (record === undefined) throw new Error("the delivery is not there");
  return overrideCvePossibility(stage.system, stage.as(person), {
    ...{ record, events, environment: "staging", releaseId: "release-000001", version: "1.0.0" },
    ...{ summary: { gates: [{ gate: "scan", status: "Passed", evidence: "npm" }] }, digests: undefined },
  });
}

test("an advisory is overridden by nobody where the scan passed, and again by who may once one is known", async () => {
  expect(await mayOverride("max")).toEqual({
    allowed: false,
    why: "No advisory holds release-000001: npm.",
    needless: true,
  });
  const data = { releaseId: "release-000001", reasons: [], source: "osv", asOf: "2026-01-01T10:00:00.000Z" };
  await stage.system.engine.append(subject, [
    {
      ...{ name: "VulnerabilityFound", source: "/operations/vulnerabilities", environment: "staging" },
      data: { ...data, revokes: false },
    },
  ]);
  const after = await mayOverride("max");
  expect(after).not.toHaveProperty("needless");
  expect(after.why).toContain("SecurityReviewer");
});
