/** `connectsoft subscription`: who outside is told of what, beside the targets of tenant.yaml. */
import type { Command } from "commander";
import type { SubscriptionWithSecret } from "../../operations/subscriptions/change-subscription.ts";
import type { Subscription } from "../../operations/subscriptions/show-subscription.ts";
import type { SubscriptionDelivery } from "../../operations/subscriptions/subscription-deliveries.ts";
import type { SubscriptionTest } from "../../operations/subscriptions/test-subscription.ts";
import { type Cli, exitCodes } from "../cli.ts";
import { connect } from "../connect.ts";
import { describeDeliveries, describeSubscription, describeSubscriptions } from "../describe-subscription.ts";
import { readSecret } from "../read-secret.ts";
import { type SpecFlags, specOf, withSpec } from "./subscription-flags.ts";

interface Flags extends SpecFlags {
  ownSecret?: boolean;
  overlap?: string;
  state?: string;
  limit?: string;
  json?: boolean;
  data?: string;
}

const at = (id: string, more = "") => `/subscriptions/${encodeURIComponent(id)}${more}`;

export function addSubscriptions(program: Command, cli: Cli, end: (code: number) => void): void {
  const group = program
    .command("subscription")
    .description("receivers outside that are told of events, artifacts and states");
  const sub = (usage: string, words: string) => common(group.command(usage).description(words));
  withSpec(sub("add <id>", "tell a receiver from here on; its signing secret is shown once"))
    .option("--own-secret", "sign with a secret of yours, read from standard input")
    .action((id: string, flags: Flags) => add(cli, id, flags));
  sub("ls", "receivers, and what waits for them").action((flags: Flags) => list(cli, flags));
  sub("show <id>", "what one selects, and how it fares").action((id: string, flags: Flags) =>
    print(
      cli,
      flags,
      async () => (await connect(cli, flags)).get<Subscription>(at(id)),
      describeSubscription,
    ),
  );
  withSpec(sub("set <id>", "change what is named of it, and nothing else")).action(
    (id: string, flags: Flags) => set(cli, id, flags),
  );
  sub("rotate <id>", "sign with another secret, which is shown once")
    .option("--overlap <duration>", "how long the secret so far signs too (default: 24h)")
    .option("--own-secret", "a secret of yours, read from standard input")
    .action((id: string, flags: Flags) => rotate(cli, id, flags));
  sub("rm <id>", "remove it with all that waits for it").action((id: string, flags: Flags) =>
    print(
      cli,
      flags,
      async () => (await connect(cli, flags)).send<object>("DELETE", at(id)),
      () => [`${id} is told nothing more.`],
    ),
  );
  sub("test <id>", "send a message now, and say how it went")
    .option(
      "--event <type>",
      "the last one of this type that happened, or a sample, in place of a test event",
    )
    .action((id: string, flags: Flags & { event?: string | string[] }) => test(cli, id, { flags, end }));
  sub("deliveries <id>", "what it was told, newest first, with each answer")
    .option("--state <state>", "waiting, sent or dead")
    .option("--limit <number>", "how many at most (default: 50)")
    .action((id: string, { state, limit, ...flags }: Flags) =>
      print(
        cli,
        flags,
        async () =>
          (await connect(cli, flags)).get<{ deliveries: SubscriptionDelivery[] }>(at(id, "/deliveries"), {
            ...{ state, limit },
          }),
        ({ deliveries }) => describeDeliveries(deliveries),
      ),
    );
  sub("redeliver <id> <delivery>", "send once more what arrived or was given up").action(
    (id: string, delivery: string, flags: Flags) =>
      print(
        cli,
        flags,
        async () =>
          (await connect(cli, flags)).send<SubscriptionDelivery>(
            "POST",
            at(id, `/deliveries/${encodeURIComponent(delivery)}/redelivery`),
          ),
        ({ name, subject }) => [`${name} of ${subject} goes to ${id} again.`],
      ),
  );
}

async function add(cli: Cli, id: string, flags: Flags): Promise<void> {
  const secret = flags.ownSecret === true ? { secret: await readSecret(cli, "signing secret") } : {};
  await print(
    cli,
    flags,
    async () =>
      (await connect(cli, flags)).send<SubscriptionWithSecret>("POST", "/subscriptions", {
        ...{ id, ...specOf(flags), ...secret },
      }),
    (made) => [...describeSubscription(made.subscription), ...describeSecret(made, secret.secret)],
  );
}

async function list(cli: Cli, flags: Flags): Promise<void> {
  await print(
    cli,
    flags,
    async () => (await connect(cli, flags)).get<{ subscriptions: Subscription[] }>("/subscriptions"),
    ({ subscriptions }) => describeSubscriptions(subscriptions),
  );
}

async function set(cli: Cli, id: string, flags: Flags): Promise<void> {
  const client = await connect(cli, { ...flags, json: true });
  const { url, format, events, artifacts, states, ...found } = await client.get<Subscription>(at(id));
  const { cdevents, environments, modules, allowPrivate, attempts, description, digest } = found;
  const what = { url, format, cdevents, events, artifacts, states };
  const where = { environments, modules, allowPrivate, attempts, description };
  const spec = { ...what, ...where, ...specOf(flags), digest };
  await print(cli, flags, () => client.send<Subscription>("PUT", at(id), spec), describeSubscription);
}

async function rotate(cli: Cli, id: string, flags: Flags): Promise<void> {
  const secret = flags.ownSecret === true ? { secret: await readSecret(cli, "signing secret") } : {};
  const overlap = flags.overlap === undefined ? {} : { overlap: flags.overlap };
  await print(
    cli,
    flags,
    async () =>
      (await connect(cli, flags)).send<SubscriptionWithSecret>("POST", at(id, "/secret"), {
        ...{ ...secret, ...overlap },
      }),
    (made) => [
      ...describeSecret(made, secret.secret),
      made.subscription.previousUntil === undefined
        ? "The secret before does not sign any more."
        : `The secret before signs too until ${made.subscription.previousUntil}.`,
    ],
  );
}

async function test(
  cli: Cli,
  id: string,
  { flags: { event, ...flags }, end }: { flags: Flags; end: (code: number) => void },
): Promise<void> {
  const asked = event === undefined ? {} : { event };
  const answer = await (await connect(cli, flags)).send<SubscriptionTest>("POST", at(id, "/test"), asked);
  const { receipt } = answer;
  if (receipt.status === "failed") end(exitCodes.failed);
  if (flags.json === true) cli.out(JSON.stringify(answer, null, 2));
  else if (receipt.status === "sent") cli.out(`${id} took ${words[answer.what]}: ${receipt.answer}`);
  else cli.out(`${id} did not take ${words[answer.what]}: ${receipt.problem}`);
}

const words: Record<SubscriptionTest["what"], string> = {
  test: "a test event",
  recorded: "the last one that happened",
  sample: "a sample, since none has happened yet",
};

function describeSecret({ secret }: SubscriptionWithSecret, own: string | undefined): string[] {
  return own === undefined ? [`Signing secret, shown this once: ${secret}`] : [];
}

async function print<Answer>(
  cli: Cli,
  { json }: Flags,
  ask: () => Promise<Answer>,
  describe: (answer: Answer) => string[],
): Promise<void> {
  const answer = await ask();
  if (json === true) cli.out(JSON.stringify(answer, null, 2));
  else for (const line of describe(answer)) cli.out(line);
}

function common(command: Command): Command {
  return command.option("--json", "as JSON").option("--data <folder>", "data directory");
}
