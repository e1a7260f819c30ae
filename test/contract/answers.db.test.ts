/** What the server answers is what its OpenAPI document says: every operation is asked over HTTP, about a delivery that waits. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { hookSpecSchema } from "../../src/domain/hook/hook.ts";
import { subscriptionSpecSchema } from "../../src/domain/subscription/subscription.ts";
import { roleSchema } from "../../src/domain/tenant/role.ts";
import { catalogue } from "../../src/operations/catalogue.ts";
import type { Operation } from "../../src/operations/operation.ts";
import type { System } from "../../src/operations/system.ts";
import { type Known, sampleInput } from "../access/sample-inputs.ts";
import { appOf } from "../support/app.ts";
import { createTestSystem, type TestSystem } from "../support/system.ts";

let stage: TestSystem;
let known: Known;
let ask: (operation: Operation, more?: object) => Promise<Response>;

beforeAll(async () => {
  stage = await createTestSystem();
  const { system } = stage;
  const subject = await stage.deliver();
  await stage.until(subject, (_sentence, kind) => kind === "waiting");
  const proposed = (await system.store.events(subject, { names: ["ReleaseProposed"] })).at(-1);
  const { tenantId, moduleId } = subject;
  const tenant = await system.tenants.get(tenantId);
  const boss = { id: "boss", roles: [...roleSchema.options], claims: ["override.freeze" as const] };
  const serviceAccounts = [{ id: "any", owner: "jane", roles: ["Developer" as const] }];
  await system.tenants.put({ ...tenant, people: [...tenant.people, boss], serviceAccounts }, "ada");
  const releaseId = String(proposed?.data.releaseId);
  known = { ...subject, environment: "production", releaseId, repository: moduleId, person: "jane" };
  await openPullRequest(stage.system, `${tenantId}/${moduleId}`);
  await setUpOutside(system, tenantId);
  const token = await system.accounts.issueToken({ tenantId, person: "boss" }, "test");
  const app = appOf(system);
  ask = async (operation, more) => {
    const { path, init } = requestOf(operation, { ...sampleInput(operation, known), ...more });
    return app.request(`/api/v1${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...init.headers },
    });
  };
}, 300_000);
afterAll(() => stage.close());

/** What changes how things stand for the others is asked last. */
const last = [
  "fleetStatus",
  "approveRelease",
  "revokeRelease",
  "takeOver",
  "cancelDelivery",
  "mergePullRequest",
  "closePullRequest",
  "destroyEnvironment",
  "deleteSubscription",
  "deleteHook",
];

/** Here there is nothing that they could be about: they are held to how they refuse, and end to end to what they answer. */
const refusedHere = [
  "addEvidence",
  "applyFleet",
  "applyTenant",
  "approveHotfix",
  "closePullRequest",
  "confirmFreezeOverride",
  "confirmPolicy",
  "delayRelease",
  "diffDeployment",
  "driftOfEnvironment",
  "endDelegation",
  "ingestEvent",
  "liftFreeze",
  "overrideFreeze",
  "proposePolicy",
  "readLogs",
  "redeliver",
  "redeploy",
  "rejectPolicy",
  "rejectRelease",
  "reportRegression",
  "requestChanges",
  "requestRollback",
  "retryDelivery",
  "revertRelease",
  "revokeSession",
  "revokeToken",
  "sendEvent",
  "showFrozenRelease",
  "testNotificationTarget",
];

const more: Record<string, object> = {
  delegateRole: { until: new Date(Date.now() + 86_400_000).toISOString(), reason: "on holiday" },
  declarePerson: { reason: "joined the team" },
  removePerson: { reason: "left the team" },
  createSubscription: { id: "another-receiver" },
  createHook: { id: "another-hook" },
  approveRelease: { comment: "read the change and its tests; the bookings page was slow and is not now" },
  setCompliance: { reason: "an audit is near" },
  readFile: { path: "src/main.js" },
  browseFiles: { path: "" },
  reviewPullRequest: { verdict: "approved" },
};

// An answer that does not fit rejects: see test/support/contract.ts.
test.each([...catalogue].sort(inTurn).map((operation) => [operation.name, operation] as const))(
  "%s answers as the document says",
  async (name, operation) => {
    const response = await ask(operation, more[name]);
    const text = await response.text();
    expect(response.status, text).toBeLessThan(500);
    if (!refusedHere.includes(name)) expect(`${response.status} ${text}`).toMatch(/^200 /);
  },
);

function inTurn(one: Operation, other: Operation): number {
  const turn = ({ name, method }: Operation) => last.indexOf(name) + (method === "GET" ? 0 : 1);
  return turn(one) - turn(other);
}

/** By the ids that samples ask for. */
async function setUpOutside({ subscriptions, hooks }: System, tenantId: string): Promise<void> {
  const spec = subscriptionSpecSchema.parse({ url: "https://receiver.example", events: ["deployed"] });
  const secret = subscriptions.mintSecret();
  await subscriptions.add({ tenantId, id: "any-receiver" }, { spec, secret, by: "ada" });
  const handOver = { url: "https://forge.example/x" };
  const hook = hookSpecSchema.parse({ kind: "github", account: "any", handOver });
  await hooks.add(
    { tenantId, id: "any-hook" },
    { spec: hook, secret: hooks.mintSecret("github"), by: "ada" },
  );
}

/** Of a branch that a delivery could have made. */
async function openPullRequest({ sourceControl, forge }: System, repository: string): Promise<void> {
  const sourceBranch = "trace/any/booking-service";
  const change = {
    ...{ subject: "feat: change", trailers: {}, at: "2025-05-23T10:00:00Z" },
    author: { name: "Code Committer", email: "code-committer@example.invalid" },
  };
  const commit = (branch: string, content: string) =>
    sourceControl.commit({
      ...{ ...change, repository, branch, base: "main", invocationId: branch },
      content: { files: [{ path: "src/main.js", content }] },
    });
  await commit("main", "1\n");
  const head = await commit(sourceBranch, "2\n");
  const [rule] = await forge.protections(repository);
  if (rule !== undefined) await forge.protect(repository, [{ ...rule, requiredApprovals: 0 }]);
  const text = { title: "feat: change", body: "", labels: [], reviewers: [], authors: ["jane"] };
  const { number } = await forge.open({ ...text, repository, sourceBranch, targetBranch: "main" });
  await forge.check(repository, number, "test", {
    commit: head.commit,
    conclusion: "success",
    summary: "passed",
  });
}

function requestOf(operation: Operation, input: Record<string, unknown>) {
  const rest = new Map(Object.entries(input).filter(([, value]) => value !== undefined));
  const path = operation.path.replaceAll(/:(\w+)/g, (_field, name: string) => {
    const value = rest.get(name);
    rest.delete(name);
    return encodeURIComponent(String(value));
  });
  const { method } = operation;
  if (method === "GET" || method === "DELETE") {
    const query = new URLSearchParams(
      [...rest].map(([name, value]): [string, string] => [name, String(value)]),
    );
    return { path: rest.size === 0 ? path : `${path}?${query}`, init: { method, headers: {} } };
  }
  const type = operation.name === "ingestEvent" ? "application/cloudevents+json" : "application/json";
  const body = JSON.stringify(Object.fromEntries(rest));
  return { path, init: { method, body, headers: { "content-type": type } } };
}
