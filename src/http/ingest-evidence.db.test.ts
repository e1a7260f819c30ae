import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appOf } from "../../test/support/app.ts";
import { createTestSystem, type TestSystem } from "../../test/support/system.ts";
import { sha256 } from "../domain/canonical-json.ts";
import { eventName } from "../domain/event/event.ts";
import type { Subject } from "../domain/scope.ts";
import { tenantSchema } from "../domain/tenant/tenant.ts";
import { catalogue } from "../operations/catalogue.ts";
import type { Sent } from "../operations/send-event.ts";

let stage: TestSystem;
let subject: Subject;
const commit = "c".repeat(40);
const tree = "d".repeat(40);
const junit = '<testsuite><testcase name="a"/><testcase name="b"/></testsuite>';

beforeAll(async () => {
  stage = await createTestSystem({
    CommitModule: async () => ({
      status: "Success",
      summary: "committed",
      emits: [{ name: "CommitReady", data: { commit, tree, branch: "trace/x", changed: true } }],
    }),
    // The delivery waits where nothing of ours has tested yet.
    RunTests: async () => ({ status: "Delayed", summary: "waits", emits: [], wakeOn: ["StudioPRAction"] }),
  });
  const tenant = await stage.system.tenants.get("vetclinic-001");
  await stage.system.tenants.put(
    tenantSchema.parse({
      ...tenant,
      people: [...tenant.people, { id: "ci-bot", roles: ["DevOpsEngineer"] }],
      evidence: {
        producers: [
          { id: "jenkins", kinds: ["tests", "coverage", "scan", "sbom"] },
          { id: "desk", kinds: ["signature"] },
          { id: "sonar", kinds: ["scan"], tokenOf: "ci-bot" },
        ],
      },
    }),
    "ada",
  );
  subject = await stage.deliver();
  await stage.system.engine.settled();
});
afterAll(() => stage.close());

test("a report of a listed producer becomes an event of its own source, and a file by its digest", async () => {
  const added = await add({});
  expect(added).toMatchObject({ event: "TestsPassed", reportDigest: sha256(junit), tree, recorded: true });
  const event = (await events()).at(-1);
  expect(event).toMatchObject({
    source: "/ci/jenkins",
    data: { commit, tree, tests: { total: 2, passed: 2 }, by: "olga" },
  });
  const path = `memory/${subject.traceId}/tenant-vetclinic-001/booking-service/pipelines/evidence/jenkins/junit.xml`;
  const file = await stage.system.store.artifact({ tenantId: subject.tenantId, path });
  expect(file).toMatchObject({ content: junit, sha256: sha256(junit), version: 1 });
});

test("somebody's signature is kept by its digest beside others of the same producer, and what is none is refused", async () => {
  const signature = JSON.stringify({ payload: "e30=", signature: "AAAA" });
  const made = { kind: "signature", producer: "desk" };
  const added = await add(made, signature);
  const file = `evidence/desk/signatures/${sha256(signature).slice("sha256:".length)}.sig`;
  expect(added).toMatchObject({
    event: "SignatureAdded",
    data: { producer: "desk", tree, file, reportDigest: sha256(signature) },
    artifact: { kind: "supply-chain", name: file },
  });
  const path = `memory/${subject.traceId}/tenant-vetclinic-001/booking-service/supply-chain/${file}`;
  const kept = await stage.system.store.artifact({ tenantId: subject.tenantId, path });
  expect(kept?.content).toBe(signature);
  await expect(add(made, "signed, trust me")).rejects.toMatchObject({
    refusal: { code: "InputInvalid", message: expect.stringContaining("expected a sigstore bundle") },
  });
  await expect(add({ kind: "signature" }, signature)).rejects.toThrow(
    /jenkins may state .*and not signature/,
  );
});

test("the same report again changes nothing", async () => {
  const before = (await events()).length;
  expect(await add({})).toMatchObject({ recorded: false });
  expect(await events()).toHaveLength(before);
});

test("failing tests, coverage, a scan and an SBOM are told apart", async () => {
  const failing = '<testsuite><testcase name="a"><failure message="no flour"/></testcase></testsuite>';
  expect(await add({}, failing)).toMatchObject({ event: "TestsFailed", data: { failures: ["a: no flour"] } });
  expect(await add({ kind: "lcov" }, "SF:a\nDA:1,1\nDA:2,0\n")).toMatchObject({
    event: "ScanCompleted",
    artifact: { kind: "pipelines" },
    data: { kind: "lcov", coverage: { percent: 50 } },
  });
  const sbom = '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"a"}]}';
  expect(await add({ kind: "cyclonedx" }, sbom)).toMatchObject({
    artifact: { kind: "supply-chain" },
    data: { sbom: { components: 1 }, vulnerabilities: "NotScanned" },
  });
});

test.each([
  [
    "a producer that is not listed",
    { producer: "stranger" },
    "olga",
    "TenantForbidden",
    "takes no evidence of stranger",
  ],
  ["a kind that it may not state", { producer: "sonar" }, "ci-bot", "TenantForbidden", "may state scan"],
  [
    "another person's token",
    { producer: "sonar", kind: "sarif" },
    "olga",
    "TenantForbidden",
    "token of ci-bot",
  ],
  ["a person without the role", {}, "jane", "TenantForbidden", "add evidence"],
  ["a commit of another delivery", { commit: "e".repeat(40) }, "olga", "DigestMismatch", "no commit of"],
  ["another tree", { tree: "e".repeat(40) }, "olga", "DigestMismatch", `is ${tree}`],
])("refuses %s", async (_what, change, person, code, message) => {
  const before = (await events()).length;
  await expect(add(change, junit, person)).rejects.toMatchObject({
    refusal: { code, message: expect.stringContaining(message) },
  });
  expect(await events()).toHaveLength(before);
});

test.each([
  ["a bomb of entities", '<!DOCTYPE a [<!ENTITY b "c">]><testsuite/>', "entities of its own"],
  ["what is of another kind", "SF:a\nDA:1,1\n", "neither testsuites"],
  ["twenty megabytes of nothing", " ".repeat(20_000_000), "more than"],
])("refuses %s", async (_what, content, message) => {
  await expect(add({}, content)).rejects.toMatchObject({
    refusal: { code: "InputInvalid", message: expect.stringContaining(message) },
  });
});

test("the open way of stating an event takes evidence of listed producers alone", async () => {
  const data = { commit, tree, reportDigest: sha256("x"), applicable: true };
  const send = (producer: string) =>
    operation<Sent>("sendEvent", { ...subject, name: "TestsPassed", data: { ...data, producer } }, "olga");
  await expect(send("me")).rejects.toMatchObject({ refusal: { code: "TenantForbidden" } });
  expect(await send("jenkins")).toMatchObject({ recorded: true });
  expect((await events()).at(-1)?.source).toBe("/ci/jenkins");
});

test("a CloudEvent is taken in structured mode, once, and with other content never again", async () => {
  const event = cloudEvent({ id: "run-1" });
  expect(await post(event)).toMatchObject({ status: 200, body: { event: "TestsFailed", recorded: true } });
  expect(await post(event)).toMatchObject({ status: 200, body: { recorded: false } });
  const forged = {
    ...event,
    data: { ...event.data, tests: { failed: 0 } },
    type: "com.connectsoft.delivery.TestsPassed",
  };
  expect(await post(forged)).toMatchObject({ status: 409, body: { code: "Conflict" } });
  expect((await events()).filter(({ id }) => id === "/ci/jenkins#run-1")).toHaveLength(1);
});

test("a CloudEvent is taken in binary mode", async () => {
  const { data, specversion, ...rest } = cloudEvent({ id: "run-2" });
  const headers = Object.fromEntries(
    Object.entries({ specversion, ...rest }).map(([name, value]) => [`ce-${name}`, String(value)]),
  );
  const answer = await post(data, { "content-type": "application/json", ...headers });
  expect(answer).toMatchObject({ status: 200, body: { event: "TestsFailed", recorded: true } });
});

test.each([
  ["a source that is not listed", { source: "/ci/stranger" }, 403],
  [
    "a producer that is not its source",
    { data: { commit, reportDigest: sha256("r"), producer: "other" } },
    400,
  ],
  ["an event of a day before yesterday", { time: new Date(Date.now() - 48 * 3_600_000).toISOString() }, 409],
  ["an event of tomorrow", { time: new Date(Date.now() + 24 * 3_600_000).toISOString() }, 409],
  ["an event that only agents state", { type: "com.connectsoft.delivery.ArtifactBuilt" }, 400],
  ["an event of the engine", { type: "com.connectsoft.delivery.AgentCompleted" }, 400],
  ["a source of ours", { source: "/agents/devops-engineer" }, 400],
  ["another version", { specversion: "0.3" }, 400],
  ["another tenant", { subject: "other/trace-1/booking-service" }, 403],
  [
    "a commit that is not the delivery's",
    { data: { commit: "e".repeat(40), reportDigest: sha256("r") } },
    409,
  ],
  ["data that lacks its digest", { data: { commit } }, 400],
])("refuses %s", async (_what, change, status) => {
  const before = (await events()).length;
  expect(await post(cloudEvent({ id: `bad-${_what}`, ...change }))).toMatchObject({ status });
  expect(await events()).toHaveLength(before);
});

test("a signature is the token's: an event cannot name another signer", async () => {
  const data = { releaseId: "release-000001", by: "max", comment: "fine" };
  const event = cloudEvent({
    id: "sign-1",
    source: "/studio",
    type: "com.connectsoft.delivery.ApproverSigned",
    data,
  });
  expect(await post(event)).toMatchObject({ status: 403, body: { code: "UnauthorizedApprover" } });
});

function add(change: object, content = junit, person = "olga") {
  const input = {
    ...subject,
    kind: "junit",
    producer: "jenkins",
    commit,
    content: gzipSync(content).toString("base64"),
    ...change,
  };
  return operation<object>("addEvidence", input, person);
}

function operation<Answer>(name: string, input: object, person: string): Promise<Answer> {
  const found = catalogue.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no operation ${name}`);
  const known = stage.as(person);
  const caller = person === "ci-bot" ? { ...known, roles: ["DevOpsEngineer" as const] } : known;
  return found.run(stage.system, caller, input) as Promise<Answer>;
}

function cloudEvent(change: Record<string, unknown>) {
  return {
    specversion: "1.0",
    id: "1",
    source: "/ci/jenkins",
    type: "com.connectsoft.delivery.TestsExecuted",
    subject: `${subject.tenantId}/${subject.traceId}/${subject.moduleId}`,
    time: new Date().toISOString(),
    data: { commit, reportDigest: sha256("report"), tests: { total: 2, failed: 1 } } as Record<
      string,
      unknown
    >,
    ...change,
  };
}

async function post(
  body: object,
  headers: Record<string, string> = { "content-type": "application/cloudevents+json" },
) {
  const token = await stage.system.accounts.issueToken({ tenantId: "vetclinic-001", person: "olga" }, "test");
  const app = appOf(stage.system);
  const request = {
    method: "POST",
    body: JSON.stringify(body),
    headers: { ...headers, authorization: `Bearer ${token}` },
  };
  const response = await app.request("/api/v1/events", request);
  return { status: response.status, body: (await response.json()) as unknown };
}

async function events() {
  const all = await stage.system.store.events(subject);
  return all.filter((event) => ["TestsPassed", "TestsFailed", "ScanCompleted"].includes(eventName(event)));
}

test("of a batch each event is taken or refused by itself, in order, and counts once when it is sent again", async () => {
  const token = await stage.system.accounts.issueToken({ tenantId: "vetclinic-001", person: "olga" }, "test");
  const place = `vetclinic-001/${subject.traceId}/${subject.moduleId}`;
  const event = (id: string, more: object = {}) => ({
    ...{ specversion: "1.0", id, source: "/ci/jenkins", subject: place },
    type: "com.connectsoft.delivery.TestsPassed",
    data: { commit, tree, reportDigest: `sha256:${"e".repeat(64)}`, tests: { total: 1, passed: 1 } },
    ...more,
  });
  const send = async (body: string) =>
    appOf(stage.system).request("/api/v1/events", {
      method: "POST",
      body,
      headers: {
        authorization: `Bearer ${token}`,
        "content-type": "application/cloudevents-batch+json; charset=utf-8",
      },
    });
  const batch = [
    event("batch-1"),
    event("batch-2", { subject: "globex/trace-1/shop" }),
    "no event",
    event("batch-4", { source: "/ci/stranger" }),
    event("batch-5"),
  ];
  const first = await send(JSON.stringify(batch));
  expect(first.status).toBe(207);
  const answers = (await first.json()) as { id: string; status: number; result?: { recorded: boolean } }[];
  expect(answers.map(({ id, status }) => [id, status])).toEqual([
    ["batch-1", 200],
    ["batch-2", expect.any(Number)],
    ["", 400],
    ["batch-4", expect.any(Number)],
    ["batch-5", 200],
  ]);
  expect(answers.filter(({ status }) => status >= 400)).toHaveLength(3);
  expect(answers[0]?.result?.recorded).toBe(true);
  const again = (await (await send(JSON.stringify([batch[0]]))).json()) as typeof answers;
  expect(again[0]).toMatchObject({ status: 200, result: { recorded: false } });
  for (const wrong of ["{}", "[", JSON.stringify(Array.from({ length: 101 }, () => batch[0]))])
    expect((await send(wrong)).status).toBe(400);
});
