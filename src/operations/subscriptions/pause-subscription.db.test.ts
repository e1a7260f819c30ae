/** A subscription that is paused, with deliveries that go on meanwhile. */
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  createSubscriptionRig,
  refusalOf,
  type SubscriptionRig,
} from "../../../test/support/subscription-rig.ts";
import type { ResumedSubscription } from "./pause-subscription.ts";
import type { Subscription } from "./show-subscription.ts";

let rig: SubscriptionRig;
beforeEach(async () => {
  rig = await createSubscriptionRig();
});
afterEach(() => rig.close());

const ops = { subscription: "ops" };
const pause = () => rig.run<Subscription>("pauseSubscription", { ...ops, reason: "they move house" });
const resume = (more: object = {}) => rig.run<ResumedSubscription>("resumeSubscription", { ...ops, ...more });
const said = async () => await rig.run<Subscription>("getSubscription", ops);
const acts = async () =>
  (await rig.stage.system.journal.read("vetclinic-001"))
    .filter(({ act }) => act.startsWith("Subscription"))
    .map(({ act, actor, data }) => ({ act, actor, ...data }));

test("is sent nothing, and all that happened in its order once it is resumed", async () => {
  await rig.subscribe({ states: ["needs-approval", "published"] });
  expect(await said()).toMatchObject({ state: "active" });
  expect(await pause()).toMatchObject({
    ...{ state: "paused", paused: { by: "ada", reason: "they move house" } },
  });
  const subject = await rig.toProduction();
  await rig.publish(subject);
  await rig.tell();
  await rig.tell();
  expect(rig.receiver.arrivals).toEqual([]);
  const { state, waiting } = await said();
  expect([state, waiting > 2]).toEqual(["paused", true]);

  expect(await resume()).toMatchObject({ skipped: 0, subscription: { state: "active", waiting } });
  await rig.tell();
  expect(rig.typesOf()).toHaveLength(waiting);
  expect(rig.typesOf().at(-1)).toBe("ReleasePublished");
  const sequences = rig.receiver.arrivals.map(({ body }) => JSON.parse(body).sequence);
  expect(sequences).toEqual(sequences.toSorted((one, other) => one - other));
  expect(await said()).toMatchObject({ state: "active", waiting: 0, sent: waiting });
  expect((await acts()).slice(1)).toEqual([
    { act: "SubscriptionPaused", actor: "ada", id: "ops", reason: "they move house" },
    { act: "SubscriptionResumed", actor: "ada", id: "ops", skipped: 0 },
  ]);
});

test("leaves out what gathered where that is asked for, looked at by then or not; each of it can be sent still", async () => {
  await rig.subscribe();
  await pause();
  const subject = await rig.toProduction();
  await rig.tell();
  await rig.publish(subject);
  const { skipped, subscription } = await resume({ skip: true, reason: "they read it from the board" });
  expect([skipped > 1, subscription.waiting]).toEqual([true, 0]);
  await rig.tell();
  expect(rig.receiver.arrivals).toEqual([]);
  expect((await acts()).at(-1)).toMatchObject({ reason: "they read it from the board", skipped });

  const left = await rig.deliveriesOf();
  expect(left.map(({ state }) => state)).toEqual(Array(skipped).fill("skipped"));
  // What was given up is another matter.
  expect(await rig.stage.system.notifications.revive("vetclinic-001", { all: true })).toEqual([]);
  await rig.run("redeliver", { ...ops, delivery: left.at(-1)?.notificationId });
  await rig.tell();
  expect(rig.receiver.arrivals.map(({ headers }) => headers["webhook-id"])).toEqual([
    left.at(-1)?.notificationId,
  ]);
});

test("loses nothing for its receiver's failures before, however long it takes, and is tried at once", async () => {
  await rig.subscribe();
  rig.receiver.behaviour.status = 503;
  await rig.toProduction();
  await rig.tell();
  expect(await said()).toMatchObject({ state: "failing", failures: 1 });
  await pause();
  await rig.stage.pool.query("update connectsoft.notifications set made_at = now() - interval '30 days'");
  await rig.tell();
  const { waiting, dead } = await said();
  expect([waiting > 0, dead]).toEqual([true, 0]);
  await resume();
  rig.receiver.behaviour.status = 200;
  // Looked after before anything is sent: it is not too old by what it waited for.
  await rig.stage.system.notifications.tidy({ staleMs: 3_600_000, sentMs: 3_600_000, deadMs: 3_600_000 });
  await rig.tell();
  expect(await said()).toMatchObject({ state: "active", dead: 0, waiting: 0, sent: waiting });
});

test("is paused and resumed once, with a reason, by who may", async () => {
  await rig.subscribe();
  expect(await refusalOf(resume())).toMatch(/Conflict: ops is not paused/);
  expect(await refusalOf(rig.run("pauseSubscription", { ...ops, reason: " " }))).toMatch(/reason: say why/);
  const asked = rig.run("pauseSubscription", { ...ops, reason: "any" }, rig.stage.as("olga"));
  expect(await refusalOf(asked)).toMatch(/TenantForbidden: .*manage subscriptions/);
  const both = await Promise.allSettled([pause(), pause()]);
  expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(await refusalOf(pause())).toMatch(/Conflict: ops is paused already: by ada since .*they move house/);
  expect((await acts()).map(({ act }) => act)).toEqual(["SubscriptionMade", "SubscriptionPaused"]);
  // A change of what it says lets nothing go on.
  const changed = { ...ops, url: rig.receiver.url, allowPrivate: true, events: ["failed"] };
  expect(await rig.run("updateSubscription", changed)).toMatchObject({ state: "paused" });
});
