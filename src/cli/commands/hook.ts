/** `connectsoft hook`: addresses that programs outside call, and what they begin. */
import type { Command } from "commander";
import type { HookWithSecret } from "../../operations/hooks/change-hook.ts";
import type { Hook, HookReceipt } from "../../operations/hooks/show-hook.ts";
import type { Cli } from "../cli.ts";
import { connect } from "../connect.ts";
import { describeHook, describeHooks, describeReceipts } from "../describe-hook.ts";
import {
  type CommonFlags,
  describeSecret,
  ownSecret,
  printed,
  subCommands,
  withOwnSecret,
} from "../registration-commands.ts";
import { type HookFlags, hookOf, withHook } from "./hook-flags.ts";

interface Flags extends HookFlags, CommonFlags {
  kind?: string;
  limit?: string;
}

const all = "/hooks";
const at = (id: string, more = "") => `${all}/${encodeURIComponent(id)}${more}`;

export function addHooks(program: Command, cli: Cli): void {
  const group = program
    .command("hook")
    .description("addresses that forges and other programs call when something happened there");
  const sub = subCommands(group);
  withOwnSecret(withHook(sub("add <id>", "make one; what its callers prove themselves with is shown once")))
    .option("--kind <kind>", "who calls: github, gitlab, azure-devops, or standard (Standard Webhooks)")
    .action((id: string, flags: Flags) => add(cli, id, flags));
  sub("ls", "which there are, and what each does").action((flags: Flags) =>
    printed(cli, flags, {
      ask: (client) => client.get<{ hooks: Hook[] }>(all),
      describe: ({ hooks }) => describeHooks(hooks),
    }),
  );
  sub("show <id>", "where one is called, and what it does").action((id: string, flags: Flags) =>
    printed(cli, flags, { ask: (client) => client.get<Hook>(at(id)), describe: describeHook }),
  );
  withHook(sub("set <id>", "change what one does")).action((id: string, flags: Flags) => set(cli, id, flags));
  withOwnSecret(sub("rotate <id>", "give one another secret; the one so far is good no more")).action(
    (id: string, flags: Flags) => rotate(cli, id, flags),
  );
  sub("rm <id>", "remove one with what it received").action((id: string, flags: Flags) =>
    printed(cli, flags, {
      ask: (client) => client.send<object>("DELETE", at(id)),
      describe: () => [`${id} is called in vain from here on.`],
    }),
  );
  sub("received <id>", "what came, newest first, and what came of it")
    .option("--limit <number>", "how many at most (default: 50)")
    .action((id: string, { limit, ...flags }: Flags) =>
      printed(cli, flags, {
        ask: (client) => client.get<{ receipts: HookReceipt[] }>(at(id, "/receipts"), { limit }),
        describe: ({ receipts }) => describeReceipts(receipts),
      }),
    );
}

async function add(cli: Cli, id: string, flags: Flags): Promise<void> {
  const given = await ownSecret(cli, flags, "the hook's secret");
  const hook = { id, kind: flags.kind, ...hookOf(flags), ...given };
  await printed(cli, flags, {
    ask: (client) => client.send<HookWithSecret>("POST", all, hook),
    describe: (made) => [...describeHook(made.hook), ...describeSecret("Secret", made.secret, given)],
  });
}

async function rotate(cli: Cli, id: string, flags: Flags): Promise<void> {
  const given = await ownSecret(cli, flags, "the hook's secret");
  await printed(cli, flags, {
    ask: (client) => client.send<HookWithSecret>("PUT", at(id, "/secret"), given),
    describe: ({ secret }) => describeSecret("Secret", secret, given),
  });
}

/** What is named replaces what it said; of the hand-over, too, only what is named. */
async function set(cli: Cli, id: string, flags: Flags): Promise<void> {
  const read = await connect(cli, flags, { asWritten: true });
  const { kind, account, digest, description, handOver: before } = await read.get<Hook>(at(id));
  const { handOver: more, ...named } = hookOf(flags);
  const handOver = before === undefined && more === undefined ? undefined : { ...before, ...Object(more) };
  const hook = { kind, account, digest, description, ...named, handOver };
  await printed(cli, flags, {
    ask: (client) => client.send<Hook>("PUT", at(id), hook),
    describe: describeHook,
  });
}
