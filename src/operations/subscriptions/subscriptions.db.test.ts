/** Subscriptions on a real database, with deliveries that really happen and receivers that really answer. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  createSubscriptionRig,
  refusalOf,
  type SubscriptionRig,
} from "../../../test/support/subscription-rig.ts";
import { isSignedBy } from "../../../test/support/webhook-receiver.ts";
import { namesOf } from "../../domain/subscription/event-pattern.ts";
import type { SubscriptionWithSecret } from "./change-subscription.ts";
import type { Subscription } from "./show-subscription.ts";
import type { SubscriptionTest } from "./test-subscription.ts";

let rig: SubscriptionRig;
async function begin(): Promise<void> {
  rig = await createSubscriptionRig();
}
async function end(): Promise<void> {
  await rig.close();
}

describe("a subscription", () => {
  beforeEach(begin);
  afterEach(end);

  test("is told of what it selects from when it was made, signed with the secret that was shown once", async () => {
    const { secret, subscription } = await rig.subscribe({ events: ["Deployment*", "CommitReady"] });
    expect(subscription.selects.toSorted()).toEqual([
      ...["CommitReady", "DeploymentCompleted", "DeploymentFailed", "DeploymentStarted"],
    ]);
    await rig.toProduction();
    await rig.tell();
    expect(rig.typesOf()).toContain("DeploymentCompleted");
    expect(rig.typesOf()).not.toContain("ApprovalRequested");
    for (const arrived of rig.receiver.arrivals) {
      expect(isSignedBy(secret, arrived)).toBe(true);
      expect(isSignedBy(secret, { ...arrived, body: `${arrived.body} ` })).toBe(false);
    }
    expect(JSON.stringify(await rig.run("listSubscriptions", {}))).not.toContain(secret);
    const { rows } = await rig.stage.pool.query("select s::text as row from connectsoft.subscriptions s");
    expect(rows[0].row).not.toContain(secret.slice("whsec_".length));
  });

  test("is told of nothing that happened before it was made", async () => {
    await rig.toProduction();
    await rig.subscribe({ events: ["*"] });
    await rig.tell();
    expect(rig.receiver.arrivals).toEqual([]);
  });

  test("waits for artifacts by their paths", async () => {
    await rig.subscribe({
      events: [],
      artifacts: ["memory/*/tenant-*/**/Commit*.json", "**/RolloutPlan.yaml"],
    });
    const subject = await rig.toProduction();
    await rig.tell();
    const told = rig.receiver.arrivals.map(({ body }) => JSON.parse(body).data.path);
    const written = await rig.stage.system.store.events(subject, { names: ["ArtifactWritten"] });
    const paths = written.map(({ data }) => String(data.path));
    expect(paths.length).toBeGreaterThan(1);
    expect(told).toEqual(paths.filter((path) => path.endsWith("/CommitMetadata.json")));
    expect(told).toHaveLength(1);
  });

  test("waits for states, in its environments alone", async () => {
    await rig.subscribe({ events: [], states: ["needs-approval", "live"], environments: ["production"] });
    const subject = await rig.toProduction();
    await rig.tell();
    expect(rig.typesOf()).toEqual(["ApprovalRequested"]);
    await rig.publish(subject);
    await rig.tell();
    expect(rig.typesOf()).toEqual(["ApprovalRequested", "DeploymentCompleted"]);
  });

  test("carries an event around its data where it asks for binary mode", async () => {
    const { secret } = await rig.subscribe({ format: "binary", events: ["CommitReady"] });
    const subject = await rig.toProduction();
    await rig.tell();
    const [arrived] = rig.receiver.arrivals;
    const [event] = await rig.stage.system.store.events(subject, { names: ["CommitReady"] });
    expect(arrived && isSignedBy(secret, arrived)).toBe(true);
    expect(JSON.parse(arrived?.body ?? "")).toEqual(event?.data);
    expect(arrived?.headers).toMatchObject({
      "content-type": "application/json; charset=utf-8",
      "ce-specversion": "1.0",
      "ce-type": "com.connectsoft.delivery.CommitReady",
      "ce-subject": event?.subject,
      "ce-sequence": String(event?.sequence),
      "ce-hash": event?.hash,
    });
  });

  test("is told in CDEvents where a type fits, and of nothing else", async () => {
    const { secret, subscription } = await rig.subscribe({ format: "cdevents", events: ["*"] });
    expect(subscription.selects).not.toContain("ArtifactWritten");
    const subject = await rig.toProduction();
    await rig.publish(subject);
    await rig.tell();
    const told = rig.receiver.arrivals.map(({ body }) => JSON.parse(body));
    expect(new Set(told.map(({ type }) => type.split(".").slice(2, 4).join(".")))).toEqual(
      new Set([
        ...["pipelinerun.queued", "pipelinerun.started", "pipelinerun.finished", "taskrun.started"],
        ...["taskrun.finished", "change.created", "change.merged", "artifact.packaged"],
        ...["testsuiterun.finished", "environment.modified", "service.deployed"],
      ]),
    );
    expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
    expect(rig.receiver.arrivals.every((arrived) => isSignedBy(secret, arrived))).toBe(true);
    expect(told.every(({ data }) => data.context.chainId === subject.traceId)).toBe(true);
    // Provisioned for no environment in particular: no type fits, and it is forgotten.
    const events = await rig.stage.system.store.events(subject, { names: ["InfraProvisioned"] });
    expect(events.filter(({ data }) => String(data.environments) === "").length).toBeGreaterThan(0);
    expect((await rig.deliveriesOf()).filter(({ state }) => state !== "sent")).toEqual([]);
    const test = { subscription: "ops", event: "CommitReady" };
    expect(await rig.run<SubscriptionTest>("testSubscription", test)).toMatchObject({
      receipt: { status: "failed", problem: expect.stringMatching(/no type of CDEvents 0\.5\.0 fits/) },
    });
    expect(rig.receiver.arrivals).toHaveLength(told.length);
    // By its data the newest one says nothing that has a type: the last one that does is told.
    const nowhere = { name: "InfraProvisioned" as const, source: "/agents/x", data: { environments: [] } };
    await rig.stage.system.engine.append(subject, [nowhere]);
    expect(await rig.run("testSubscription", { ...test, event: "InfraProvisioned" })).toMatchObject({
      ...{ what: "recorded", receipt: { status: "sent" } },
    });
  });

  test("is told of each environment that was provisioned, in a CDEvent of its own, and all of them again where one is not taken", async () => {
    const subject = await rig.toProduction();
    const { secret } = await rig.subscribe({ format: "cdevents", events: ["InfraProvisioned"] });
    const data = { environments: ["staging", "production"], created: ["production"] };
    await rig.stage.system.engine.append(subject, [{ name: "InfraProvisioned", source: "/agents/x", data }]);
    rig.receiver.behaviour.status = (body) => (body.includes('"name":"production"') ? 500 : 204);
    await rig.tell();
    const [first] = await rig.deliveriesOf();
    expect(first).toMatchObject({ state: "waiting", answers: [{ arrived: false, answer: "answered 500" }] });
    rig.receiver.behaviour.status = 204;
    await rig.stage.pool.query("update connectsoft.notifications set due_at = now()");
    await rig.tell();
    const told = rig.receiver.arrivals.map(({ headers, body }) => [
      headers["webhook-id"],
      JSON.parse(body).type.split(".").slice(2, 4).join("."),
      JSON.parse(body).subject,
    ]);
    const both = [
      [`${first?.notificationId}-1`, "environment.modified", "staging"],
      [`${first?.notificationId}-2`, "environment.created", "production"],
    ];
    expect(told.slice(0, 2).toSorted()).toEqual(both);
    expect(told.slice(2).toSorted()).toEqual(both);
    expect(rig.receiver.arrivals.every((arrived) => isSignedBy(secret, arrived))).toBe(true);
    expect(new Set(rig.receiver.arrivals.map(({ body }) => JSON.parse(body).id)).size).toBe(2);
    expect(await rig.deliveriesOf()).toMatchObject([{ state: "sent", attempts: 2 }]);
  });

  test("shows each attempt with its answer, and sends again what is asked for, under the id that it had", async () => {
    await rig.subscribe();
    rig.receiver.behaviour.status = 500;
    await rig.toProduction();
    await rig.tell();
    await rig.stage.pool.query("update connectsoft.notifications set due_at = now()");
    rig.receiver.behaviour.status = 204;
    await rig.tell();
    const [first] = await rig.deliveriesOf();
    expect(first).toMatchObject({
      ...{ state: "sent", name: "DeploymentCompleted", attempts: 2 },
      answers: [
        { arrived: false, answer: "answered 500" },
        { arrived: true, answer: "answered 204" },
      ],
    });
    const again = { subscription: "ops", delivery: first?.notificationId };
    expect(await rig.run("redeliver", again)).toMatchObject({ state: "waiting" });
    expect(await refusalOf(rig.run("redeliver", again))).toMatch(/NotFound: .* waits to be sent/);
    await rig.tell();
    expect(rig.receiver.arrivals.map(({ headers }) => headers["webhook-id"])).toEqual(
      Array(3).fill(first?.notificationId),
    );
    expect((await rig.deliveriesOf())[0]?.answers).toHaveLength(3);
  });

  test("signs with the secret before, too, for as long as was asked", async () => {
    const { secret: before } = await rig.subscribe();
    const test = { subscription: "ops" };
    const rotated = await rig.run<SubscriptionWithSecret>("rotateSubscriptionSecret", {
      ...test,
      overlap: "1h",
    });
    await rig.run("testSubscription", test);
    expect(rotated.secret).not.toBe(before);
    expect(rotated.subscription.previousUntil).toBeDefined();
    const last = await rig.run<SubscriptionWithSecret>("rotateSubscriptionSecret", {
      ...test,
      overlap: "0s",
    });
    await rig.run("testSubscription", test);
    const [both, alone] = rig.receiver.arrivals;
    if (both === undefined || alone === undefined) throw new Error("two were sent");
    expect([before, rotated.secret].map((secret) => isSignedBy(secret, both))).toEqual([true, true]);
    expect([rotated.secret, last.secret].map((secret) => isSignedBy(secret, alone))).toEqual([false, true]);
  });

  test("is tested with an event that says so, or with the last real one of a type", async () => {
    await rig.subscribe();
    const test = (more: object = {}) =>
      rig.run<SubscriptionTest>("testSubscription", { subscription: "ops", ...more });
    expect(await test()).toMatchObject({ receipt: { status: "sent", answer: "answered 200" } });
    expect(await test({ event: "CommitReady" })).toMatchObject({
      what: "sample",
      receipt: { status: "sent" },
    });
    expect(JSON.parse(rig.receiver.arrivals.at(-1)?.body ?? "")).toMatchObject({
      ...{ sample: true, type: "com.connectsoft.delivery.CommitReady", tenantid: "vetclinic-001" },
    });
    const subject = await rig.toProduction();
    expect(await test({ event: "CommitReady" })).toMatchObject({
      what: "recorded",
      receipt: { status: "sent" },
    });
    const [event] = await rig.stage.system.store.events(subject, { names: ["CommitReady"] });
    expect(JSON.parse(rig.receiver.arrivals.at(-1)?.body ?? "")).toEqual(event);
    expect(await rig.deliveriesOf()).toEqual([]);
  });

  test("is tested with a sample of every type that can be subscribed to, in each format, before anything happened", async () => {
    await rig.subscribe({ events: ["*"] });
    await rig.subscribe({ id: "binary", format: "binary" });
    const { subscription } = await rig.subscribe({
      ...{ id: "cd", format: "cdevents", cdevents: { drafts: true }, events: ["*"] },
    });
    const asked = [
      ...namesOf("*").map((event) => ({ subscription: "ops", event })),
      ...subscription.selects.map((event) => ({ subscription: "cd", event })),
      { subscription: "binary", event: "DeploymentCompleted" },
    ];
    for (const one of asked)
      expect(await rig.run<SubscriptionTest>("testSubscription", one)).toMatchObject({
        ...{ what: "sample", receipt: { status: "sent" } },
      });
    const marks = rig.receiver.arrivals.map(({ headers, body }) => {
      const { sample, data } = JSON.parse(body);
      return sample ?? data?.customData?.sample ?? headers["ce-sample"];
    });
    expect(marks.map(String)).toEqual(asked.map(() => "true"));
  });

  test("tells something else once it is changed, and nothing once it is removed", async () => {
    const { subscription } = await rig.subscribe({ events: ["CommitReady"] });
    const { id: _, ...says } = { id: "", url: rig.receiver.url, allowPrivate: true, states: ["published"] };
    const changed = await rig.run<Subscription>("updateSubscription", {
      subscription: subscription.id,
      ...says,
    });
    expect(changed.selects).toEqual(["ReleasePublished"]);
    const subject = await rig.toProduction();
    await rig.publish(subject);
    await rig.tell();
    expect(rig.typesOf()).toEqual(["ReleasePublished"]);
    await rig.run("deleteSubscription", { subscription: "ops" });
    await rig.tell();
    const { rows } = await rig.stage.pool.query(
      `select (select count(*)::int from connectsoft.notifications) as told,
              (select count(*)::int from connectsoft.notification_attempts) as attempts,
              (select count(*)::int from connectsoft.notification_targets) as targets`,
    );
    expect(rows).toEqual([{ told: 0, attempts: 0, targets: 0 }]);
    expect((await rig.stage.system.journal.read("vetclinic-001")).map(({ act }) => act)).toEqual(
      expect.arrayContaining(["SubscriptionMade", "SubscriptionChanged", "SubscriptionEnded"]),
    );
  });
});

describe("a change", () => {
  beforeEach(begin);
  afterEach(end);

  test("of what somebody changed meanwhile is refused, and by whom it was; a new secret is no such change", async () => {
    const { subscription: read } = await rig.subscribe();
    const change = (events: string[], digest?: string) =>
      rig.run<Subscription>("updateSubscription", {
        ...{ subscription: "ops", url: rig.receiver.url, allowPrivate: true, events },
        ...(digest !== undefined && { digest }),
      });
    await rig.run("rotateSubscriptionSecret", { subscription: "ops" });
    const changed = await change(["failed"], read.digest);
    expect(changed.digest).not.toBe(read.digest);
    expect(await refusalOf(change(["*"], read.digest))).toMatch(/Conflict: ops says something else.*ada/);
    expect((await rig.run<Subscription>("getSubscription", { subscription: "ops" })).events).toEqual([
      "failed",
    ]);
    // Of several at once that have read the same, one is kept.
    const racing = ["CommitReady", "ReleaseApproved", "TestsPassed"].map((name) =>
      change([name], changed.digest),
    );
    const kept = (await Promise.allSettled(racing)).filter(({ status }) => status === "fulfilled");
    expect(kept).toHaveLength(1);
    // Who does not say what they have read replaces whatever is there.
    expect((await change(["deployed"])).digest).toBe(read.digest);
  });
});

describe("what is refused by name before anything of it is kept:", () => {
  beforeAll(begin);
  afterAll(end);

  test.each<[string, object, RegExp]>([
    ["a type that nothing has", { events: ["Deploied"] }, /events\.0: "Deploied" is no type of event/],
    ["a pattern that fits no type", { events: ["Deploy?"] }, /events\.0: "Deploy\?" is no type/],
    ["a state that nothing reaches", { states: ["happy"] }, /states\.0: /],
    ["nothing", { events: [] }, /events: it selects nothing/],
    ["a pattern without folders", { artifacts: ["RolloutPlan.yaml"] }, /write \*\*\/RolloutPlan\.yaml/],
    ["a pattern from the root", { artifacts: ["/memory/**"] }, /artifacts\.0: .* begins or ends with \//],
    [
      "a folder that no path begins with",
      { artifacts: ["secrets/**"] },
      /no path of an artifact begins with secrets/,
    ],
    ["a bracket that is not closed", { artifacts: ["**/[a"] }, /are not closed/],
    ["a regular expression", { artifacts: ["**/(a+)+$"] }, /expected \*, \*\*, \?/],
    [
      "what no type of CDEvents fits",
      { format: "cdevents", events: ["CommitReady"] },
      /events: no type of CDEvents 0\.5\.0 fits CommitReady/,
    ],
    [
      "a draft of CDEvents that was not asked for",
      { format: "cdevents", events: ["ApprovalRequested"] },
      /no type of CDEvents/,
    ],
    ["an environment that is not there", { environments: ["moon"] }, /environments: .* no environment moon/],
    ["http without a private network", { allowPrivate: false }, /url: http is for private networks only/],
    ["a password in an address", { url: "https://me:pw@a.example" }, /url: expected no user name/],
    ["a secret that is none", { secret: "hunter2" }, /secret: expected whsec_/],
    ["a key that nobody knows", { colour: "red" }, /"colour"/],
  ])("%s", async (_what, more, words) => {
    expect(await refusalOf(rig.subscribe(more))).toMatch(words);
    expect(await rig.stage.system.subscriptions.list()).toEqual([]);
  });

  test("an address of a private network, where tenant.yaml lets none", async () => {
    const tenant = await rig.stage.system.tenants.get("vetclinic-001");
    await rig.subscribe();
    await rig.stage.system.tenants.put({ ...tenant, subscriptions: { allowPrivate: false } }, "ada");
    expect(await refusalOf(rig.subscribe({ id: "more" }))).toMatch(/TenantForbidden: allowPrivate/);
    // Neither is one that was let before.
    const { receipt } = await rig.run<SubscriptionTest>("testSubscription", { subscription: "ops" });
    expect(receipt).toMatchObject({ status: "failed" });
    expect(rig.receiver.arrivals).toEqual([]);
  });

  test("a second one of the same id, and whoever may not", async () => {
    const tenant = await rig.stage.system.tenants.get("vetclinic-001");
    await rig.stage.system.tenants.put({ ...tenant, subscriptions: { allowPrivate: true } }, "ada");
    expect(await refusalOf(rig.subscribe())).toMatch(/Conflict: .* has a subscription ops already/);
    const asked = rig.run("deleteSubscription", { subscription: "ops" }, rig.stage.as("olga"));
    expect(await refusalOf(asked)).toMatch(/TenantForbidden: .*manage subscriptions/);
  });
});
