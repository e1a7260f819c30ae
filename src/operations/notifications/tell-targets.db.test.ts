/** Targets and what they are told, on a real database, with deliveries that really happen and receivers that really answer. */
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestSystem, type TestSystem } from "../../../test/support/system.ts";
import { notificationsSchema } from "../../domain/notification/notification-settings.ts";
import type { Subject } from "../../domain/scope.ts";
import { catalogue } from "../catalogue.ts";
import { approveRelease } from "../decide-release.ts";
import type { Caller } from "../system.ts";
import type { NotificationList } from "./list-notifications.ts";
import { createTeller, type Teller } from "./tell-targets.ts";
import type { TestAnswer } from "./test-target.ts";

interface Arrival {
  id: string;
  type: string;
  sequence: number;
  body: string;
}

let stage: TestSystem;
let closing: (() => void)[];
let attempts: string[];
beforeEach(async () => {
  closing = [];
  attempts = [];
  stage = await createTestSystem();
  const scope = { tenantId: "vetclinic-001", environment: "staging", moduleId: "notifications" };
  await stage.system.settings.setSecret(scope, "KEY", key);
});
afterEach(async () => {
  for (const close of closing) close();
  await stage.close();
});

const key = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const never = new AbortController().signal;

/** A receiver that answers as it is told to, 200 where it is not. */
async function receiver(answer?: http.RequestListener) {
  const arrivals: Arrival[] = [];
  const behaviour = { answer };
  const server = http.createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      new Webhook(key).verify(body, request.headers as Record<string, string>);
      const { type, sequence } = JSON.parse(body);
      arrivals.push({
        id: String(request.headers["webhook-id"]),
        type: type.split(".").at(-1),
        sequence,
        body,
      });
      if (behaviour.answer === undefined) response.end();
      else behaviour.answer(request, response);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, arrivals, behaviour };
}

const beforeApproval = ["CommitReady", "ReleaseApproved", "DeploymentCompleted", "ApprovalRequested"];
const everything = ["waiting-for-approval", "deployed", "ReleaseApproved", "CommitReady"];

function target(id: string, url: string, more: object = {}): object {
  const secret = { secret: "KEY", environment: "staging" };
  return { id, to: { webhook: { url, secret } }, on: everything, allowPrivate: true, ...more };
}

async function declare(...targets: object[]): Promise<void> {
  const { system } = stage;
  const tenant = await system.tenants.get("vetclinic-001");
  await system.tenants.put({ ...tenant, notifications: notificationsSchema.parse(targets) }, "ada");
}

function teller(): Teller {
  return createTeller({
    system: stage.system,
    random: () => 0,
    leaseMs: 60_000,
    attempted: (tenantId, channel, sent) =>
      attempts.push(`${tenantId} ${channel} ${sent ? "sent" : "failed"}`),
    trouble: (message, error) => {
      throw new Error(message, { cause: error });
    },
  });
}

async function tell(by = teller()): Promise<void> {
  await by.take();
  await by.send(never);
  await by.idle();
}

async function toProduction(): Promise<Subject> {
  const subject = await stage.deliver();
  await stage.until(subject, (_, kind) => kind === "waiting");
  return subject;
}

async function approve(subject: Subject): Promise<void> {
  await approveRelease(stage.system, stage.as("max"), {
    releaseId: "release-000002",
    comment: "looks right",
  });
  await stage.until(subject, (_, kind) => kind === "published");
}

/** As if the time had come. */
async function makeDue(): Promise<void> {
  await stage.pool.query("update connectsoft.notifications set due_at = now() where state = 'waiting'");
  await stage.pool.query("update connectsoft.notification_targets set resume_at = now()");
}

function run<Answer>(name: string, caller: Caller, input: object): Promise<Answer> {
  const found = catalogue.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no operation ${name}`);
  return found.run(stage.system, caller, input) as Promise<Answer>;
}

const list = (more: object = {}) => run<NotificationList>("listNotifications", stage.as("jane"), more);

test("a target is told of what happens once it is declared, in the order of the chain, once, and of nothing before", async () => {
  const { url, arrivals } = await receiver();
  const subject = await toProduction();
  await declare(target("ops", url));
  await tell();
  expect(arrivals).toEqual([]);
  await approve(subject);
  await tell();
  await tell();
  expect(arrivals.map(({ type }) => type)).toEqual(["ReleaseApproved", "DeploymentCompleted"]);
  const events = await stage.system.store.events(subject);
  for (const { body } of arrivals) expect(events).toContainEqual(JSON.parse(body));
  expect(attempts).toEqual(Array(2).fill("vetclinic-001 webhook sent"));
});

test("what happened between the declaration and the first look is not lost", async () => {
  const { url, arrivals } = await receiver();
  await declare(target("ops", url));
  await toProduction();
  // Another version that names it as well does not begin afresh.
  await declare(target("ops", url), target("more", url, { on: ["failed"] }));
  await tell();
  expect(arrivals.map(({ type }) => type)).toEqual(beforeApproval);
});

test("two servers that look and send at the same time tell everything once", async () => {
  const { url, arrivals } = await receiver();
  await declare(target("ops", url));
  const subject = await toProduction();
  await approve(subject);
  await Promise.all(Array.from({ length: 6 }, () => tell()));
  expect(arrivals.map(({ sequence }) => sequence)).toEqual(
    arrivals.map(({ sequence }) => sequence).toSorted((a, b) => a - b),
  );
  expect(new Set(arrivals.map(({ id }) => id)).size).toBe(6);
  expect(arrivals).toHaveLength(6);
});

test("only environments and modules that a target names are told of", async () => {
  const { url, arrivals } = await receiver();
  await declare(
    target("staging", url, { environments: ["staging"] }),
    target("other", url, { modules: ["another-module"] }),
  );
  await toProduction();
  await tell();
  expect(arrivals.map(({ body }) => JSON.parse(body).environment)).toEqual(["staging", "staging"]);
});

test("nothing of a delivery overtakes what did not arrive", async () => {
  const { url, arrivals, behaviour } = await receiver((_request, response) => response.writeHead(500).end());
  await declare(target("ops", url));
  const subject = await toProduction();
  await tell();
  expect(arrivals.map(({ type }) => type)).toEqual(["CommitReady"]);
  await approve(subject);
  await tell();
  expect(arrivals).toHaveLength(1);
  behaviour.answer = undefined;
  await makeDue();
  await tell();
  const [first, again, ...rest] = arrivals;
  expect(again?.id).toBe(first?.id);
  expect(rest.map(({ type }) => type)).toEqual([
    ...beforeApproval.slice(1),
    "ReleaseApproved",
    "DeploymentCompleted",
  ]);
});

test("a target that asks for patience is left alone for so long", async () => {
  const { url, arrivals, behaviour } = await receiver((_request, response) =>
    response.writeHead(429, { "retry-after": "1800" }).end(),
  );
  await declare(target("ops", url));
  await toProduction();
  await tell();
  await tell();
  expect(arrivals).toHaveLength(1);
  const { rows } = await stage.pool.query(
    `select t.resume_at > now() + interval '25 minutes' as held, n.due_at > now() + interval '25 minutes' as later
       from connectsoft.notification_targets t
       join connectsoft.notifications n on n.target_id = t.target_id and n.attempts = 1`,
  );
  expect(rows).toEqual([{ held: true, later: true }]);
  expect((await list()).targets).toMatchObject([
    { targetId: "ops", failures: 1, problem: "answered 429", waiting: 4 },
  ]);
  behaviour.answer = undefined;
  await makeDue();
  await tell();
  expect((await list()).targets).toMatchObject([{ failures: 0, waiting: 0, sent: 4 }]);
  expect((await list()).targets[0]).not.toHaveProperty("problem");
});

test("a target that is slow or dead holds nobody else up", async () => {
  const slow = await receiver(() => undefined);
  const quick = await receiver();
  await declare(target("slow", slow.url), target("dead", "http://127.0.0.1:1"), target("quick", quick.url));
  await toProduction();
  const one = teller();
  await one.take();
  const stopping = new AbortController();
  await one.send(stopping.signal);
  await expect.poll(() => quick.arrivals.length).toBe(4);
  expect(slow.arrivals.length).toBeLessThanOrEqual(1);
  await expect
    .poll(async () => (await list()).targets.find(({ targetId }) => targetId === "dead")?.problem)
    .toContain("ECONNREFUSED");
  stopping.abort();
  await one.idle();
});

test("what is given up is listed, and is sent again under its id by who may", async () => {
  const { url, arrivals, behaviour } = await receiver((_request, response) => response.writeHead(500).end());
  await declare(target("ops", url, { attempts: 2, on: ["CommitReady"] }));
  await toProduction();
  await tell();
  await makeDue();
  await tell();
  await makeDue();
  await tell();
  expect(arrivals).toHaveLength(2);
  const { notifications, targets } = await list({ state: "dead" });
  expect(targets).toMatchObject([{ dead: 1, waiting: 0 }]);
  expect(notifications).toMatchObject([
    { name: "CommitReady", state: "dead", attempts: 2, problem: "answered 500" },
  ]);
  const [dead] = notifications;
  const id = { ids: [dead?.notificationId ?? ""] };
  const unknown = `msg_${"0".repeat(40)}`;
  await expect(run("retryNotifications", stage.as("olga"), {})).rejects.toThrow(/InputInvalid/);
  await expect(run("retryNotifications", stage.as("olga"), { ...id, all: true })).rejects.toThrow(
    /InputInvalid/,
  );
  await expect(run("retryNotifications", stage.as("jane"), id)).rejects.toThrow(/TenantForbidden/);
  const denied = (await stage.system.journal.read("vetclinic-001", { acts: ["AccessDenied"] })).at(-1);
  expect(denied).toMatchObject({ actor: "jane", data: { action: "retry" } });
  behaviour.answer = undefined;
  expect(await run("retryNotifications", stage.as("olga"), { ids: [...id.ids, unknown] })).toMatchObject({
    retried: [{ notificationId: id.ids[0], state: "waiting" }],
    notFound: [unknown],
  });
  await tell();
  expect(new Set(arrivals.map((one) => one.id))).toEqual(new Set(id.ids));
  expect((await list()).targets).toMatchObject([{ dead: 0, sent: 1 }]);
  await expect(run("retryNotifications", stage.as("olga"), id)).rejects.toThrow(/NotFound/);
});

test("what a receiver refuses for good is given up at once, and the rest of the delivery goes on", async () => {
  const { url, arrivals } = await receiver((_request, response) =>
    response.writeHead(arrivals.length === 1 ? 422 : 200).end(),
  );
  await declare(target("ops", url));
  await toProduction();
  await tell();
  expect(arrivals).toHaveLength(4);
  expect((await list()).targets).toMatchObject([{ dead: 1, sent: 3, waiting: 0 }]);
  const again = (more: object) => run("retryNotifications", stage.as("olga"), { all: true, ...more });
  expect(await again({ target: "another" })).toEqual({ retried: [], notFound: [] });
  expect(await again({ target: "ops" })).toMatchObject({ retried: [{ targetId: "ops" }] });
  await tell();
  expect((await list()).targets).toMatchObject([{ dead: 0, sent: 4 }]);
  expect(await again({})).toEqual({ retried: [], notFound: [] });
});

test("a target that is removed gets nothing more; declared again it begins afresh", async () => {
  const { url, arrivals, behaviour } = await receiver((_request, response) => response.writeHead(503).end());
  await declare(target("ops", url));
  await toProduction();
  await tell();
  expect(arrivals).toHaveLength(1);
  behaviour.answer = undefined;
  await declare();
  await makeDue();
  await tell();
  expect(arrivals).toHaveLength(1);
  const { rows } = await stage.pool.query(
    "select 1 from connectsoft.notifications union all select 1 from connectsoft.notification_positions",
  );
  expect(rows).toEqual([]);
  await declare(target("ops", url));
  await tell();
  expect(arrivals).toHaveLength(1);
});

test("a request for approval that asks again for the same is told once", async () => {
  const { url, arrivals } = await receiver();
  await declare(target("ops", url, { on: ["waiting-for-approval"] }));
  const subject = await toProduction();
  const [asked] = await stage.system.store.events(subject, { names: ["ApprovalRequested"] });
  if (asked === undefined) throw new Error("nothing was asked for");
  const { data, environment = "" } = asked;
  const again = { name: "ApprovalRequested" as const, source: "/agents/release-manager", environment };
  await stage.system.engine.append(subject, [{ ...again, data }]);
  await tell();
  expect(arrivals).toHaveLength(1);
  await stage.system.engine.append(subject, [
    { ...again, data: { ...data, open: ["a second ReleaseManager"] } },
  ]);
  await tell();
  expect(arrivals).toHaveLength(2);
});

test("without its secret nothing is sent, and the problem says how to set it", async () => {
  const { url, arrivals } = await receiver();
  const secret = { secret: "OTHER", environment: "staging" };
  await declare(target("ops", url, { to: { webhook: { url, secret } } }));
  await toProduction();
  await tell();
  expect(arrivals).toEqual([]);
  expect((await list()).targets).toMatchObject([
    { problem: "the secret OTHER of staging is not set for notifications", waiting: 4 },
  ]);
});

test("another tenant sees none of it and changes none of it", async () => {
  const { url } = await receiver((_request, response) => response.writeHead(410).end());
  await declare(target("ops", url, { on: ["CommitReady"] }));
  await toProduction();
  await tell();
  const [dead] = (await list({ state: "dead" })).notifications;
  const eve: Caller = {
    tenantId: "other-tenant",
    person: "eve",
    roles: ["StudioAdmin", "DevOpsEngineer"],
    method: "api",
  };
  const tenant = await stage.system.tenants.get("vetclinic-001");
  await stage.system.tenants.put(
    { ...tenant, id: "other-tenant", people: [{ id: "eve", roles: eve.roles }], notifications: [] },
    "eve",
  );
  expect(await run("listNotifications", eve, {})).toEqual({ targets: [], notifications: [] });
  await expect(run("retryNotifications", eve, { ids: [dead?.notificationId ?? ""] })).rejects.toThrow(
    /NotFound/,
  );
  await expect(run("testNotificationTarget", eve, { target: "ops" })).rejects.toThrow(/NotFound/);
  expect((await list({ state: "dead" })).notifications).toHaveLength(1);
});

test("a test says at once how it went, and is for a StudioAdmin", async () => {
  const { url, arrivals, behaviour } = await receiver();
  await declare(target("ops", url));
  await expect(run("testNotificationTarget", stage.as("jane"), { target: "ops" })).rejects.toThrow(
    /TenantForbidden/,
  );
  const ask = () => run<TestAnswer>("testNotificationTarget", stage.as("ada"), { target: "ops" });
  expect((await ask()).receipt).toEqual({ status: "sent", answer: "answered 200" });
  expect(arrivals).toMatchObject([{ type: "test" }]);
  behaviour.answer = (_request, response) => response.writeHead(404).end();
  expect((await ask()).receipt).toMatchObject({ status: "failed", problem: "answered 404" });
});

test("what nobody can be told for days is given up, and what ended long ago is removed", async () => {
  await declare(target("dead", "http://127.0.0.1:1"));
  await toProduction();
  const one = teller();
  await tell(one);
  await stage.pool.query("update connectsoft.notifications set made_at = now() - interval '4 days'");
  await one.tidy();
  expect((await list()).targets).toMatchObject([{ dead: 4, waiting: 0 }]);
  await stage.pool.query("update connectsoft.notifications set ended_at = now() - interval '91 days'");
  await one.tidy();
  expect((await list()).notifications).toEqual([]);
});
