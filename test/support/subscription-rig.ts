/** A system with a receiver outside, for tests of subscriptions: deliveries really happen, and what is sent really arrives. */
import { RefusalError } from "../../src/domain/refusal.ts";
import type { Subject } from "../../src/domain/scope.ts";
import { catalogue } from "../../src/operations/catalogue.ts";
import { approveRelease } from "../../src/operations/decide-release.ts";
import { createTeller } from "../../src/operations/notifications/tell-targets.ts";
import type { SubscriptionWithSecret } from "../../src/operations/subscriptions/change-subscription.ts";
import type { SubscriptionDelivery } from "../../src/operations/subscriptions/subscription-deliveries.ts";
import type { Caller } from "../../src/operations/system.ts";
import { createTestSystem } from "./system.ts";
import { webhookReceiver } from "./webhook-receiver.ts";

export type SubscriptionRig = Awaited<ReturnType<typeof createSubscriptionRig>>;

export async function createSubscriptionRig() {
  const stage = await createTestSystem();
  const receiver = await webhookReceiver();
  const tenant = await stage.system.tenants.get("vetclinic-001");
  await stage.system.tenants.put({ ...tenant, subscriptions: { allowPrivate: true } }, "ada");

  function run<Answer>(name: string, input: object, caller: Caller = stage.as("ada")): Promise<Answer> {
    const found = catalogue.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no operation ${name}`);
    return found.run(stage.system, caller, input) as Promise<Answer>;
  }

  return {
    ...{ stage, receiver, run },
    subscribe: (more: object = {}) =>
      run<SubscriptionWithSecret>("createSubscription", {
        ...{ id: "ops", url: receiver.url, events: ["deployed"], allowPrivate: true, ...more },
      }),
    async deliveriesOf(id = "ops") {
      const input = { subscription: id };
      return (await run<{ deliveries: SubscriptionDelivery[] }>("listSubscriptionDeliveries", input))
        .deliveries;
    },
    /** One look of a process that works, to the end of what it sends. */
    async tell() {
      const teller = createTeller({
        system: stage.system,
        random: () => 0,
        leaseMs: 60_000,
        attempted() {},
        trouble(message, error) {
          throw new Error(message, { cause: error });
        },
      });
      await teller.take();
      await teller.send(new AbortController().signal);
      await teller.idle();
      await teller.tidy();
    },
    async toProduction(): Promise<Subject> {
      const subject = await stage.deliver();
      await stage.until(subject, (_, kind) => kind === "waiting");
      return subject;
    },
    async publish(subject: Subject): Promise<void> {
      const decision = { releaseId: "release-000002", comment: "looks right" };
      await approveRelease(stage.system, stage.as("max"), decision);
      await stage.until(subject, (_, kind) => kind === "published");
    },
    typesOf: () => receiver.arrivals.map(({ body }) => JSON.parse(body).type.split(".").at(-1)),
    async close() {
      receiver.close();
      await stage.close();
    },
  };
}

export async function refusalOf(doing: Promise<unknown>): Promise<string> {
  return doing.then(
    () => "nothing was refused",
    (error) => (error instanceof RefusalError ? error.message : Promise.reject(error)),
  );
}
