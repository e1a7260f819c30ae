/** Hooks at their own address, called as forges call it, with modules in real repositories. */

import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { cp, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appOf } from "../../../test/support/app.ts";
import { createTestSystem, exampleFolder, type TestSystem } from "../../../test/support/system.ts";
import { RefusalError } from "../../domain/refusal.ts";
import { catalogue } from "../catalogue.ts";
import type { Caller } from "../system.ts";
import type { HookWithSecret } from "./change-hook.ts";
import { performWish } from "./perform-wish.ts";
import type { Hook } from "./show-hook.ts";

const tenantId = "vetclinic-001";
let stage: TestSystem;
let app: ReturnType<typeof appOf>;
let folder: string;
let url: string;
let commit: string;

beforeAll(async () => {
  stage = await createTestSystem();
  app = appOf(stage.system);
  const tenant = await stage.system.tenants.get(tenantId);
  await stage.system.tenants.put(
    {
      ...tenant,
      serviceAccounts: [
        { id: "forge", owner: "jane", roles: ["Developer"] },
        { id: "reader", owner: "jane", roles: ["Auditor"] },
        { id: "ci", owner: "jane", roles: ["DevOpsEngineer"] },
      ],
    },
    "ada",
  );
  folder = await mkdtemp(path.join(os.tmpdir(), "connectsoft-hooks-"));
  url = path.join(folder, "booking-service");
  await cp(exampleFolder, url, { recursive: true });
  git("init", "--quiet", "--initial-branch=main");
  git("add", ".");
  git("-c", "user.name=Jane", "-c", "user.email=jane@example.org", "commit", "--quiet", "-m", "feat: all");
  commit = git("rev-parse", "HEAD");
});
afterAll(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

function git(...args: string[]): string {
  return execFileSync("git", ["-C", url, ...args])
    .toString()
    .trim();
}

function run<Answer>(name: string, input: object, caller: Caller = stage.as("ada")): Promise<Answer> {
  const found = catalogue.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no operation ${name}`);
  return found.run(stage.system, caller, input) as Promise<Answer>;
}

async function make(id: string, more: object = {}): Promise<string> {
  const hook = { id, kind: "github", account: "forge", handOver: { url, moduleId: id }, ...more };
  return (await run<HookWithSecret>("createHook", hook)).secret;
}

async function post(id: string, body: string | object, headers: Record<string, string>) {
  const response = await app.request(`/api/v1/hooks/${tenantId}/${id}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

const pushed = (more: object = {}) => ({
  ...{
    ref: "refs/heads/main",
    before: "0".repeat(40),
    after: commit,
    repository: { clone_url: `${url}.git` },
  },
  ...more,
});

function byGitHub(id: string, body: object, { secret, delivery = "d-1", event = "push" }: Call) {
  const text = JSON.stringify(body);
  const signature = createHmac("sha256", secret).update(text).digest("hex");
  return post(id, text, {
    "x-github-event": event,
    "x-github-delivery": delivery,
    "x-hub-signature-256": `sha256=${signature}`,
  });
}
interface Call {
  secret: string;
  delivery?: string;
  event?: string;
}

const deliveriesOf = (moduleId: string) =>
  run<{ subject: { moduleId: string; traceId: string } }[]>("listDeliveries", { moduleId });

const lastRefused = async () =>
  (await stage.system.journal.read(tenantId, { acts: ["CallerRefused"] })).at(-1);

describe("a push that GitHub signed", () => {
  test("hands the module over at exactly its commit, as the hook's service account, and once", async () => {
    const secret = await make("booking");
    const first = await byGitHub("booking", pushed(), { secret });
    expect(first).toMatchObject({ status: 200, body: { state: "done", event: "push" } });
    const [delivery, ...others] = await deliveriesOf("booking");
    expect(others).toEqual([]);
    if (delivery === undefined) throw new Error("nothing was handed over");
    const subject = { ...delivery.subject, tenantId };
    const [begun] = await stage.system.store.events(subject, { names: ["ModuleReady"] });
    expect(begun?.data).toMatchObject({
      ...{ sponsor: "jane", handedOverBy: "service:forge" },
      source: { kind: "git", commit },
    });
    const permitted = (await stage.system.journal.read(tenantId, { acts: ["AccessPermitted"] })).at(-1);
    expect(permitted).toMatchObject({ actor: "service:forge", data: { action: "hand-over" } });

    expect(await byGitHub("booking", pushed(), { secret })).toMatchObject({
      ...{ status: 200, body: { state: "duplicate" } },
    });
    // The same bytes under another id are a replay: the signature covers no id.
    expect(await byGitHub("booking", pushed(), { secret, delivery: "d-2" })).toMatchObject({
      body: { state: "duplicate", id: "d-1" },
    });
    expect(await deliveriesOf("booking")).toHaveLength(1);
  });

  test.each([
    ["another branch", { ref: "refs/heads/other" }, /refs\/heads\/other is none of refs\/heads\/main/],
    ["a branch that is gone", { after: "0".repeat(40), deleted: true }, /push tells of nothing/],
    [
      "another repository",
      { repository: { clone_url: "https://forge.example/x.git" } },
      /about https:\/\/forge\.example\/x\.git/,
    ],
  ])("is ignored where it is of %s", async (what, more, why) => {
    const id = what.replaceAll(" ", "-");
    const secret = await make(id);
    const { status, body } = await byGitHub(id, pushed(more), { secret });
    expect([status, body.state]).toEqual([200, "ignored"]);
    expect(body.answer).toMatch(why);
    expect(await deliveriesOf(id)).toEqual([]);
  });

  test("is refused where the service account may not, and done when it is sent again and may", async () => {
    const secret = await make("strict", { account: "reader" });
    const refused = await byGitHub("strict", pushed(), { secret });
    expect(refused).toMatchObject({ status: 422, body: { state: "refused" } });
    expect(refused.body.answer).toMatch(/TenantForbidden/);
    const denied = (await stage.system.journal.read(tenantId, { acts: ["AccessDenied"] })).at(-1);
    expect(denied).toMatchObject({ actor: "service:reader", data: { action: "hand-over" } });
    await run("updateHook", {
      hook: "strict",
      kind: "github",
      account: "forge",
      handOver: { url, moduleId: "strict" },
    });
    expect(await byGitHub("strict", pushed(), { secret })).toMatchObject({ body: { state: "done" } });
    const { receipts } = await run<{ receipts: object[] }>("listHookReceipts", { hook: "strict" });
    expect(receipts).toMatchObject([{ id: "d-1", state: "done", attempts: 2 }]);
  });

  test("that was taken by a server which is gone is done by another one", async () => {
    await make("killed");
    const wish = { kind: "hand-over" as const, traceId: "killed-123456789abc", ref: "main", commit };
    const place = { tenantId, id: "killed" };
    const call = { id: "d-9", event: "push", wish, answer: "", leaseMs: 0 };
    await stage.system.hooks.receive(place, call);
    const claims = await stage.system.hooks.claim({ limit: 10, leaseMs: 60_000 });
    expect(claims).toEqual([{ ...place, receiptId: "d-9", wish, attempt: 2 }]);
    for (const claimed of claims)
      expect(await performWish(stage.system, claimed)).toMatchObject({ state: "done" });
    expect(await stage.system.hooks.claim({ limit: 10, leaseMs: 60_000 })).toEqual([]);
    // It had begun before: what is done twice is done once.
    expect(await performWish(stage.system, { ...place, receiptId: "d-9", wish, attempt: 3 })).toMatchObject({
      answer: expect.stringMatching(/before/),
    });
  });
});

test("a release that GitHub tells of is handed over at the commit of its tag", async () => {
  const secret = await make("released", {
    handOver: { url, moduleId: "released", branches: [], releases: ["v*"] },
  });
  git(
    "-c",
    "user.name=Jane",
    "-c",
    "user.email=jane@example.org",
    "tag",
    "--annotate",
    "v1.0.0",
    "--message",
    "v1",
  );
  const body = { action: "released", release: { tag_name: "v1.0.0" }, repository: { clone_url: url } };
  const call = { secret, event: "release" };
  expect(await byGitHub("released", body, call)).toMatchObject({ body: { state: "done", event: "release" } });
  const [delivery] = await deliveriesOf("released");
  if (delivery === undefined) throw new Error("nothing was handed over");
  const [begun] = await stage.system.store.events(
    { ...delivery.subject, tenantId },
    { names: ["ModuleReady"] },
  );
  expect(begun?.data).toMatchObject({ handedOverBy: "service:forge", source: { kind: "git", commit } });
  expect(
    await byGitHub("released", { ...body, action: "published" }, { ...call, delivery: "d-2" }),
  ).toMatchObject({
    body: { state: "ignored" },
  });
  expect(await deliveriesOf("released")).toHaveLength(1);
});

describe("who does not have the secret", () => {
  test("is answered 401 and stands on record, at the hook that was called", async () => {
    const secret = await make("guarded");
    const wrong = await byGitHub("guarded", pushed(), { secret: `${secret}x` });
    expect([wrong.status, wrong.body.code]).toEqual([401, "Unauthenticated"]);
    expect(await lastRefused()).toMatchObject({
      ...{
        actor: "hook:guarded",
        data: { message: expect.stringMatching(/x-hub-signature-256 is not this/) },
      },
    });
    const missing = await post("guarded", pushed(), { "x-github-event": "push", "x-github-delivery": "d" });
    expect(missing.status).toBe(401);
    expect((await lastRefused())?.data.message).toMatch(/has no x-hub-signature-256/);
    // A hook that is not there is answered in the same words.
    const nowhere = await byGitHub("nowhere", pushed(), { secret });
    expect([nowhere.status, nowhere.body.detail]).toEqual([401, wrong.body.detail]);
    expect(await deliveriesOf("guarded")).toEqual([]);
  });

  test("changes nothing by a byte more, and is let in no more once the secret is another one", async () => {
    const secret = await make("bytes");
    const text = JSON.stringify(pushed());
    const signature = `sha256=${createHmac("sha256", secret).update(text).digest("hex")}`;
    const headers = { "x-github-event": "push", "x-github-delivery": "d", "x-hub-signature-256": signature };
    expect((await post("bytes", `${text} `, headers)).status).toBe(401);
    await run("rotateHookSecret", { hook: "bytes" });
    expect((await post("bytes", text, headers)).status).toBe(401);
  });

  test("sends no more than is taken", async () => {
    await make("long");
    expect((await post("long", "x".repeat(6 * 1024 * 1024), {})).status).toBe(413);
  });
});

test("GitLab is known by its token, or by its signature where the secret is a signing token", async () => {
  const body = { object_kind: "push", ref: "refs/heads/main", after: commit, project: { git_http_url: url } };
  const token = "a-token-of-gitlab-0123";
  await make("gitlab-token", { kind: "gitlab", secret: token });
  const named = { "x-gitlab-event": "Push Hook", "idempotency-key": "k-1" };
  expect((await post("gitlab-token", body, { ...named, "x-gitlab-token": `${token}4` })).status).toBe(401);
  expect(await post("gitlab-token", body, { ...named, "x-gitlab-token": token })).toMatchObject({
    body: { state: "done" },
  });
  expect(await post("gitlab-token", body, { ...named, "x-gitlab-token": token })).toMatchObject({
    body: { state: "duplicate" },
  });

  const secret = await make("gitlab-signed", { kind: "gitlab" });
  const text = JSON.stringify(body);
  const at = new Date();
  const signed = {
    ...named,
    "webhook-id": "k-1",
    "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
    "webhook-signature": new Webhook(secret).sign("k-1", at, text),
  };
  expect((await post("gitlab-signed", text, { ...named, "x-gitlab-token": secret })).status).toBe(401);
  expect(await post("gitlab-signed", text, signed)).toMatchObject({ body: { state: "done" } });
});

test("Azure DevOps is known by the password of its basic authentication", async () => {
  const secret = await make("azure", { kind: "azure-devops" });
  const resource = {
    refUpdates: [{ name: "refs/heads/main", oldObjectId: "0".repeat(40), newObjectId: commit }],
    repository: { remoteUrl: url },
  };
  const body = { id: "03c164c2-8912-4d5e-8009-3707d5f83734", eventType: "git.push", resource };
  const basic = (password: string) => ({
    authorization: `Basic ${Buffer.from(`any:${password}`).toString("base64")}`,
  });
  expect((await post("azure", body, basic("another"))).status).toBe(401);
  expect((await post("azure", body, {})).status).toBe(401);
  expect(await post("azure", body, basic(secret))).toMatchObject({ body: { state: "done" } });
  expect(await post("azure", body, basic(secret))).toMatchObject({ body: { state: "duplicate" } });
});

describe("Standard Webhooks", () => {
  const sign = (secret: string, text: string, { id = "m-1", at = new Date() } = {}) => ({
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
    "webhook-signature": new Webhook(secret).sign(id, at, text),
  });

  test("carry a CloudEvent in, which is taken as the service account's", async () => {
    const secret = await make("events", { kind: "standard", account: "forge", handOver: undefined });
    const subject = await stage.deliver();
    const event = {
      ...{ specversion: "1.0", id: "e-1", source: "/upstream/factory" },
      type: "com.connectsoft.delivery.TestsGenerated",
      subject: `${subject.tenantId}/${subject.traceId}/${subject.moduleId}`,
      data: { count: 12 },
    };
    const text = JSON.stringify(event);
    expect(await post("events", text, sign(secret, text))).toMatchObject({
      ...{
        status: 200,
        body: { state: "done", answer: expect.stringMatching(/TestsGenerated .* recorded/) },
      },
    });
    const [recorded] = await stage.system.store.events(subject, { names: ["TestsGenerated"] });
    expect(recorded?.data).toMatchObject({ count: 12, by: "service:forge" });
    expect(await post("events", text, sign(secret, text))).toMatchObject({ body: { state: "duplicate" } });

    const foreign = JSON.stringify({ ...event, id: "e-2", subject: "globex/trace-1/booking" });
    expect(await post("events", foreign, sign(secret, foreign, { id: "m-2" }))).toMatchObject({
      body: { state: "refused", answer: expect.stringMatching(/TenantForbidden|NotFound/) },
    });
  });

  test("are not taken ten minutes later, nor under another id", async () => {
    const secret = await make("late", { kind: "standard" });
    const text = JSON.stringify({ type: "built" });
    const old = sign(secret, text, { at: new Date(Date.now() - 600_000) });
    expect((await post("late", text, old)).status).toBe(401);
    expect((await lastRefused())?.data.message).toMatch(/five minutes/);
    expect((await post("late", text, { ...sign(secret, text), "webhook-id": "m-9" })).status).toBe(401);
    expect(await post("late", text, sign(secret, text))).toMatchObject({ body: { state: "done" } });
  });
});

describe("a hook", () => {
  test("shows its secret once, and keeps it sealed", async () => {
    const secret = await make("sealed");
    const read = await run<Hook>("getHook", { hook: "sealed" });
    expect(read).toMatchObject({ id: "sealed", kind: "github", path: `/api/v1/hooks/${tenantId}/sealed` });
    const { hooks } = await run<{ hooks: Hook[] }>("listHooks", {});
    expect(hooks).toContainEqual(read);
    expect(JSON.stringify([read, hooks])).not.toContain(secret);
    await expect(run("getHook", { hook: "nowhere" })).rejects.toThrow(/NotFound: .* has no hook nowhere/);
    const { rows } = await stage.pool.query("select h::text as row from connectsoft.hooks h");
    expect(rows.map(({ row }) => row).join()).not.toContain(secret);
  });

  test.each([
    ["no account that is declared", { account: "ghost" }, /account: .* no service account ghost/],
    ["a forge's event that is no CloudEvent", { handOver: undefined }, /handOver: what github sends/],
    ["an environment that is not there", { handOver: { url: "x", environments: ["moon"] } }, /moon/],
    [
      "releases of a forge that tells of none",
      { kind: "azure-devops", handOver: { url: "x", releases: ["v*"] } },
      /handOver\.releases: azure-devops tells of no releases/,
    ],
    ["a secret that is short", { secret: "hunter2" }, /secret: expected 16/],
    ["a secret that signs nothing", { kind: "standard", secret: "x".repeat(20) }, /secret: expected whsec_/],
  ])("is refused with %s", async (_what, more, words) => {
    const error = await make("refused", more).catch((one) => one);
    expect(error).toBeInstanceOf(RefusalError);
    expect(error.message).toMatch(words);
  });

  test("is changed by who has seen what it says, and not undone by a new secret", async () => {
    await make("shared");
    const { hooks } = await run<{ hooks: Hook[] }>("listHooks", {});
    const digest = hooks.find(({ id }) => id === "shared")?.digest;
    const change = (branch: string) =>
      run<Hook>("updateHook", {
        ...{ hook: "shared", kind: "github", account: "forge", digest },
        handOver: { url, branches: [branch] },
      });
    await change("release/*");
    const { hook } = await run<HookWithSecret>("rotateHookSecret", { hook: "shared" });
    expect(hook.handOver?.branches).toEqual(["release/*"]);
    await expect(change("trunk")).rejects.toThrow(/Conflict: shared says something else/);
  });

  test("is made by nobody who could not make a token of its account", async () => {
    const hook = { id: "sly", kind: "github", account: "ci", handOver: { url } };
    for (const person of ["max", "jane"])
      await expect(run("createHook", hook, stage.as(person))).rejects.toThrow(/TenantForbidden/);
  });
});
