/** `connectsoft subscription`: who outside is told of what, beside the targets of tenant.yaml. */
import type { Command } from "commander";
import type { SubscriptionWithSecret } from "../../operations/subscriptions/change-subscription.ts";
import type { ResumedSubscription } from "../../operations/subscriptions/pause-subscription.ts";
import type { Subscription } from "../../operations/subscriptions/show-subscription.ts";
import type { SubscriptionDelivery } from "../../operations/subscriptions/subscription-deliveries.ts";
import type { SubscriptionTest } from "../../operations/subscriptions/test-subscription.ts";
import { type Cli, exitCodes } from "../cli.ts";
import { connect } from "../connect.ts";
import {
  describeDeliveries,
  describeResumed,
  describeSubscription,
  describeSubscriptions,
  describeTest,
} from "../describe-subscription.ts";
import {
  type CommonFlags,
  describeSecret,
  ownSecret,
  printed,
  subCommands,
  withOwnSecret,
} from "../registration-commands.ts";
import { type SpecFlags, specOf, withSpec } from "./subscription-flags.ts";

interface Flags extends SpecFlags, CommonFlags {
  overlap?: string;
}

const all = "/subscriptions";
const at = (id: string, more = "") => `${all}/${encodeURIComponent(id)}${more}`;

export function addSubscriptions(program: Command, cli: Cli, end: (code: number) => void): void {
  const group = program
    .command("subscription")
    .description("receivers outside that are told of events, artifacts and states");
  const sub = subCommands(group);
  withOwnSecret(
    withSpec(sub("add <id>", "tell a receiver from here on; its signing secret is shown once")),
  ).action((id: string, flags: Flags) => add(cli, id, flags));
  sub("ls", "receivers, and what waits for them").action((flags: Flags) =>
    printed(cli, flags, {
      ask: (client) => client.get<{ subscriptions: Subscription[] }>(all),
      describe: ({ subscriptions }) => describeSubscriptions(subscriptions),
    }),
  );
  sub("show <id>", "what one selects, and how it fares").action((id: string, flags: Flags) =>
    printed(cli, flags, {
      ask: (client) => client.get<Subscription>(at(id)),
      describe: describeSubscription,
    }),
  );
  withSpec(sub("set <id>", "change what is named of it, and nothing else")).action(
    (id: string, flags: Flags) => set(cli, id, flags),
  );
  withOwnSecret(sub("rotate <id>", "sign with another secret, which is shown once"))
    .option("--overlap <duration>", "how long the secret so far signs too (default: 24h)")
    .action((id: string, flags: Flags) => rotate(cli, id, flags));
  sub("pause <id>", "send it nothing until it is resumed; what happens meanwhile waits for it")
    .requiredOption("--reason <text>", "why, for those who read the record")
    .action((id: string, { reason, ...flags }: CommonFlags & { reason: string }) =>
      printed(cli, flags, {
        ask: (client) => client.send<Subscription>("POST", at(id, "/pause"), { reason }),
        describe: describeSubscription,
      }),
    );
  sub("resume <id>", "tell it again: what has gathered, and what happens from here on")
    .option("--skip", "leave out what has gathered")
    .option("--reason <text>", "why, for those who read the record")
    .action((id: string, { skip, reason, ...flags }: CommonFlags & { skip?: boolean; reason?: string }) =>
      printed(cli, flags, {
        ask: (client) => client.send<ResumedSubscription>("POST", at(id, "/resume"), { skip, reason }),
        describe: describeResumed,
      }),
    );
  sub("rm <id>", "remove it with all that waits for it").action((id: string, flags: Flags) =>
    printed(cli, flags, {
      ask: (client) => client.send<object>("DELETE", at(id)),
      describe: () => [`${id} is told nothing more.`],
    }),
  );
  sub("test <id>", "send a message now, and say how it went")
    .option(
      "--event <type>",
      "the last one of this type that happened, or a sample, in place of a test event",
    )
    .action((id: string, { event, ...flags }: CommonFlags & { event?: string }) =>
      printed(cli, flags, {
        async ask(client) {
          const test = await client.send<SubscriptionTest>("POST", at(id, "/test"), { event });
          if (test.receipt.status === "failed") end(exitCodes.failed);
          return test;
        },
        describe: describeTest,
      }),
    );
  sub("deliveries <id>", "what it was told, newest first, with each answer")
    .option("--state <state>", "waiting, sent, dead or skipped")
    .option("--limit <number>", "how many at most (default: 50)")
    .action((id: string, { state, limit, ...flags }: CommonFlags & { state?: string; limit?: string }) =>
      printed(cli, flags, {
        ask: (client) =>
          client.get<{ deliveries: SubscriptionDelivery[] }>(at(id, "/deliveries"), { state, limit }),
        describe: ({ deliveries }) => describeDeliveries(deliveries),
      }),
    );
  sub("redeliver <id> <delivery>", "send once more what arrived or was given up").action(
    (id: string, delivery: string, flags: Flags) =>
      printed(cli, flags, {
        ask: (client) =>
          client.send<SubscriptionDelivery>(
            "POST",
            at(id, `/deliveries/${encodeURIComponent(delivery)}/redelivery`),
          ),
        describe: ({ name, subject }) => [`${name} of ${subject} goes to ${id} again.`],
      }),
  );
}

async function add(cli: Cli, id: string, flags: Flags): Promise<void> {
  const given = await ownSecret(cli, flags, "signing secret");
  await printed(cli, flags, {
    ask: (client) => client.send<SubscriptionWithSecret>("POST", all, { id, ...specOf(flags), ...given }),
    describe: ({ subscription, secret }) => [
      ...describeSubscription(subscription),
      ...describeSecret("Signing secret", secret, given),
    ],
  });
}

async function set(cli: Cli, id: string, flags: Flags): Promise<void> {
  const read = await connect(cli, flags, { asWritten: true });
  const { url, format, events, artifacts, states, ...found } = await read.get<Subscription>(at(id));
  const { cdevents, environments, modules, allowPrivate, attempts, description, digest } = found;
  const what = { url, format, cdevents, events, artifacts, states };
  const where = { environments, modules, allowPrivate, attempts, description };
  await printed(cli, flags, {
    ask: (client) =>
      client.send<Subscription>("PUT", at(id), { ...what, ...where, ...specOf(flags), digest }),
    describe: describeSubscription,
  });
}

async function rotate(cli: Cli, id: string, flags: Flags): Promise<void> {
  const given = await ownSecret(cli, flags, "signing secret");
  const { overlap } = flags;
  await printed(cli, flags, {
    ask: (client) => client.send<SubscriptionWithSecret>("POST", at(id, "/secret"), { ...given, overlap }),
    describe: ({ subscription: { previousUntil }, secret }) => [
      ...describeSecret("Signing secret", secret, given),
      previousUntil === undefined
        ? "The secret before does not sign any more."
        : `The secret before signs too until ${previousUntil}.`,
    ],
  });
}
