import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestSystem, type TestSystem } from "../../../../test/support/system.ts";
import type { Subject } from "../../../domain/scope.ts";
import { approveRelease } from "../../decide-release.ts";
import { delegateRole, endDelegation } from "../../decisions/delegate.ts";
import { getApprovalView } from "./get-approval-view.ts";

const releaseId = "release-000002";

let stage: TestSystem;
let subject: Subject;
beforeAll(async () => {
  stage = await createTestSystem();
  subject = await stage.deliver();
  await stage.until(subject, (_sentence, kind) => kind === "waiting");
});
afterAll(() => stage.close());

const viewOf = (person: string, of = releaseId) =>
  getApprovalView(stage.system, stage.as(person), { releaseId: of });

describe("a release that waits for people", () => {
  test("is told whole to who may decide: what, for whom, what a vote binds and signs, what comes then", async () => {
    const view = await viewOf("max");
    expect(view).toMatchObject({
      subject,
      environment: "production",
      state: { word: "needs-approval" },
      pending: { mayApprove: true, missing: 1 },
      verdict: { name: "ApprovalRequested" },
      sponsor: "jane",
      digests: { commit: expect.any(String), policy: expect.stringMatching(/^sha256:/) },
      changes: { against: null, configuration: { added: [], removed: [], changed: [] } },
    });
    expect(view.afterwards).toContain("applied in production");
    const statement = JSON.parse(view.statements?.approve ?? "");
    expect(statement).toMatchObject({
      _type: "https://in-toto.io/Statement/v1",
      predicate: { by: "max", decision: "approved", releaseId, digests: view.digests, comment: "", at: "" },
    });
    expect(JSON.parse(view.statements?.reject ?? "").predicate.decision).toBe("refused");
    expect(JSON.parse(view.statements?.requestChanges ?? "").predicate.decision).toBe("changes-requested");
    expect(view.risk).toContainEqual(expect.objectContaining({ fact: "first-release", tone: "warning" }));
  });

  test("says to each what is theirs to do, and why the rest is not", async () => {
    const { actions } = await viewOf("max");
    expect(actions.approve).toEqual({ allowed: true });
    expect(actions.delay).toEqual({ allowed: true });
    expect(actions.comment).toEqual({ allowed: true });
    expect(actions.rollback).toMatchObject({ allowed: false, why: expect.stringMatching(/./) });
    expect(actions.overrideFreeze).toMatchObject({
      allowed: false,
      why: `No freeze holds ${releaseId} now.`,
      needless: true,
    });
    expect(actions.rollback).not.toHaveProperty("needless");
    const sponsor = await viewOf("jane");
    expect(sponsor.actions.approve).toMatchObject({ allowed: false, why: expect.stringContaining("jane") });
    expect(sponsor.actions.delay).toMatchObject({ allowed: false });
    expect(sponsor).not.toHaveProperty("statements");
    expect(sponsor.names).toEqual([]);
  });

  test("names those in whose name a person may vote, and shows what is signed in the one that was chosen", async () => {
    const { system, as } = stage;
    expect((await viewOf("max")).names).toEqual([{ roles: ["ReleaseManager"] }]);
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const input = { to: "olga", role: "ReleaseManager" as const, until, reason: "on holiday" };
    const { id } = await delegateRole(system, as("max"), input);
    const view = await viewOf("olga");
    expect(view.names).toEqual([{ onBehalfOf: "max", roles: ["ReleaseManager"] }]);
    expect(JSON.parse(view.statements?.approve ?? "").predicate).toMatchObject({
      by: "olga",
      onBehalfOf: "max",
    });
    expect((await viewOf("max")).names).toEqual([]);
    await endDelegation(system, as("max"), { id });
    expect((await viewOf("olga")).names).toEqual([]);
  });

  test("records nothing for being looked at", async () => {
    const before = await stage.system.journal.read("vetclinic-001");
    await viewOf("jane");
    expect(await stage.system.journal.read("vetclinic-001")).toEqual(before);
    const head = (await stage.system.store.load(subject))?.head;
    await viewOf("max");
    expect((await stage.system.store.load(subject))?.head).toEqual(head);
  });
});

test("a release that was decided is there to be read, with who said what", async () => {
  await approveRelease(stage.system, stage.as("max"), { releaseId, comment: "seen it in staging" });
  await stage.until(subject, (_sentence, kind) => kind === "published");
  const view = await viewOf("olga");
  expect(view).toMatchObject({
    state: { word: "live" },
    pending: null,
    verdict: { name: "ReleaseApproved" },
    actions: { approve: { allowed: false, why: `${releaseId} does not wait for a decision now.` } },
  });
  expect(view).not.toHaveProperty("afterwards");
  expect(view.history).toContainEqual(
    expect.objectContaining({
      name: "ApprovalGranted",
      what: "Approved by max.",
      why: "seen it in staging",
      complianceMarks: ["signed by the server"],
    }),
  );
});

test("one that is not there is told as that", async () => {
  await expect(viewOf("max", "release-009999")).rejects.toThrow("NotFound");
});
