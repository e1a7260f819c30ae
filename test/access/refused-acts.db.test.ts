/** What somebody who may decide is refused all the same is on record: with who, what and why, and nothing is changed. */
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { verifyJournal } from "../../src/domain/journal/journal-entry.ts";
import { RefusalError } from "../../src/domain/refusal.ts";
import type { Subject } from "../../src/domain/scope.ts";
import { catalogue } from "../../src/operations/catalogue.ts";
import { appOf } from "../support/app.ts";
import { createTestSystem, type TestSystem } from "../support/system.ts";

const tenantId = "vetclinic-001";
const releaseId = "release-000002";
let stage: TestSystem;
let subject: Subject;
beforeAll(async () => {
  stage = await createTestSystem();
  subject = await stage.deliver();
  await stage.until(subject, (_sentence, kind) => kind === "waiting");
});
afterAll(() => stage.close());

async function refusalOf(name: string, person: string, input: object): Promise<string> {
  const operation = catalogue.find((one) => one.name === name);
  try {
    await operation?.run(stage.system, stage.as(person), { releaseId, ...input });
  } catch (error) {
    if (error instanceof RefusalError) return error.refusal.code;
    throw error;
  }
  return "done";
}

/** What an act leaves in the journal and on the chain, with how the act ended. */
async function leaves(act: () => Promise<string>) {
  const { journal, store } = stage.system;
  const [after, chain] = [(await journal.read(tenantId)).length, (await store.events(subject)).length];
  const code = await act();
  const told = (await store.events(subject)).slice(chain);
  return {
    code,
    journal: (await journal.read(tenantId, { after })).filter(({ act: name }) => name !== "AccessPermitted"),
    chain: told.map(({ type, data }) => [type.split(".").at(-1), data.by, data.code]),
  };
}

const shown = Object.fromEntries(
  ["artifact", "rolloutPlan", "infrastructurePlan", "configuration", "secretVersions", "policy"].map(
    (name) => [name, `sha256:${"0".repeat(64)}`],
  ),
);
const signed = { at: new Date().toISOString(), value: "no signature" };

test.each([
  [
    "a vote on other bytes than what is there",
    "approveRelease",
    { digests: { commit: "c", tree: "t", ...shown } },
    "DigestMismatch",
  ],
  ["a rejection without a reason", "rejectRelease", {}, "JustificationMissing"],
  ["a wish for changes that names none", "requestChanges", { comment: "  " }, "JustificationMissing"],
  ["a vote with a signature that is none", "approveRelease", { signed }, "SignatureInvalid"],
  [
    "a vote whose signature is of another day",
    "approveRelease",
    { signed: { ...signed, at: "2020-01-01T00:00:00.000Z" } },
    "SignatureInvalid",
  ],
] as const)("%s is an attempt on the delivery's chain", async (_what, name, input, code) => {
  const left = await leaves(() => refusalOf(name, "max", input));
  expect(left).toEqual({ code, journal: [], chain: [["ApprovalVoided", "max", code]] });
});

test.each([
  ["a vote with a flood of text", "approveRelease", { comment: "x".repeat(2_001) }, "InputInvalid"],
  ["a hotfix without a word", "approveHotfix", {}, "InputInvalid"],
  ["evidence of no form", "addEvidence", { ...{ tenantId, traceId: "../../etc" } }, "InputInvalid"],
] as const)("%s is in the tenant's journal", async (_what, name, input, code) => {
  const left = await leaves(() => refusalOf(name, "max", input));
  expect(left).toMatchObject({ code, chain: [] });
  expect(left.journal).toMatchObject([{ act: "ActRefused", actor: "max", data: { code, operation: name } }]);
  expect(JSON.stringify(left.journal).length).toBeLessThan(2_000);
});

test("a module with a name or a link that leads out is in the tenant's journal, and is not there", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "hostile-"));
  await writeFile(path.join(folder, "package.json"), '{"name":"x","scripts":{"start":"node server.js"}}');
  await symlink("../../etc/passwd", path.join(folder, "leak"));
  const attempt = (more: object) =>
    leaves(() => refusalOf("handOver", "jane", { source: { kind: "folder", path: folder }, ...more }));
  const before = await stage.system.store.list({ tenantId });
  for (const more of [{ moduleId: "../../etc" }, { moduleId: "leaky" }]) {
    const left = await attempt(more);
    expect(left.journal).toMatchObject([
      { act: "ActRefused", actor: "jane", data: { operation: "handOver" } },
    ]);
    expect(["InputInvalid", "ModuleInvalid"]).toContain(left.code);
  }
  expect(await stage.system.store.list({ tenantId })).toEqual(before);
  await rm(folder, { recursive: true });
});

test("10 MB are refused before they are read, with who sent them, and nothing is said to who is unknown", async () => {
  const token = await stage.system.accounts.issueToken({ tenantId, person: "max" }, "test");
  const post = async (authorization: string) => {
    const body = JSON.stringify({ comment: "x".repeat(10_000_000) });
    const at = `/api/v1/releases/${releaseId}/approve`;
    const headers = { authorization, "content-length": String(body.length) };
    return String((await appOf(stage.system).request(at, { method: "POST", headers, body })).status);
  };
  const left = await leaves(() => post(`Bearer ${token}`));
  expect(left).toMatchObject({ code: "413", chain: [], journal: [{ act: "ActRefused", actor: "max" }] });
  expect(await post("Bearer nothing")).toBe("401");
  expect(verifyJournal(await stage.system.journal.read(tenantId)).intact).toBe(true);
});

test("a slip in what decides nothing fills no journal", async () => {
  expect(await leaves(() => refusalOf("getDelivery", "max", { tenantId: "../up" }))).toMatchObject({
    journal: [],
  });
});
