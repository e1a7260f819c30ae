/** `connectsoft hook`: addresses that programs outside call, and what they begin. */
import type { Command } from "commander";
import { refuse } from "../../domain/refusal.ts";
import type { HookWithSecret } from "../../operations/hooks/change-hook.ts";
import type { Hook, HookReceipt } from "../../operations/hooks/show-hook.ts";
import type { Cli } from "../cli.ts";
import { connect } from "../connect.ts";
import { readSecret } from "../read-secret.ts";
import { table } from "../table.ts";

interface Flags {
  kind?: string;
  account?: string;
  url?: string;
  branch?: string[];
  tag?: string[];
  folder?: string;
  module?: string;
  env?: string[];
  description?: string;
  ownSecret?: boolean;
  limit?: string;
  json?: boolean;
  data?: string;
}

const at = (id: string, more = "") => `/hooks/${encodeURIComponent(id)}${more}`;

export function addHooks(program: Command, cli: Cli): void {
  const group = program
    .command("hook")
    .description("addresses that forges and other programs call when something happened there");
  const sub = (usage: string, words: string) =>
    group
      .command(usage)
      .description(words)
      .option("--json", "as JSON")
      .option("--data <folder>", "data directory");
  withSpec(sub("add <id>", "make one; what its callers prove themselves with is shown once"))
    .option("--kind <kind>", "who calls: github, gitlab, azure-devops, or standard (Standard Webhooks)")
    .option("--own-secret", "a secret of yours, read from standard input")
    .action((id: string, flags: Flags) => add(cli, id, flags));
  sub("ls", "which there are, and what each does").action(async (flags: Flags) => {
    const found = await (await connect(cli, flags)).get<{ hooks: Hook[] }>("/hooks");
    print(cli, flags, found, found.hooks.length === 0 ? ["No hooks."] : table(found.hooks.map(rowOf)));
  });
  withSpec(sub("set <id>", "change what one does")).action((id: string, flags: Flags) => set(cli, id, flags));
  sub("rotate <id>", "give one another secret; the one so far is good no more")
    .option("--own-secret", "a secret of yours, read from standard input")
    .action((id: string, flags: Flags) => rotate(cli, id, flags));
  sub("rm <id>", "remove one with what it received").action(async (id: string, flags: Flags) => {
    const answer = await (await connect(cli, flags)).send<object>("DELETE", at(id));
    print(cli, flags, answer, [`${id} is called in vain from here on.`]);
  });
  sub("received <id>", "what came, newest first, and what came of it")
    .option("--limit <number>", "how many at most (default: 50)")
    .action(async (id: string, { limit, ...flags }: Flags) => {
      const client = await connect(cli, flags);
      const found = await client.get<{ receipts: HookReceipt[] }>(at(id, "/receipts"), { limit });
      const rows = found.receipts.map((one) => [one.receivedAt, one.id, one.event, one.state, one.answer]);
      print(cli, flags, found, rows.length === 0 ? ["Nothing."] : table(rows));
    });
}

async function add(cli: Cli, id: string, flags: Flags): Promise<void> {
  const secret = await ownSecret(cli, flags);
  const spec = { id, kind: flags.kind, ...specOf(flags), ...secret };
  const made = await (await connect(cli, flags)).send<HookWithSecret>("POST", "/hooks", spec);
  print(cli, flags, made, [...table([rowOf(made.hook)]), ...shownSecret(made, secret.secret)]);
}

async function rotate(cli: Cli, id: string, flags: Flags): Promise<void> {
  const secret = await ownSecret(cli, flags);
  const made = await (await connect(cli, flags)).send<HookWithSecret>("PUT", at(id, "/secret"), secret);
  print(cli, flags, made, shownSecret(made, secret.secret));
}

/** What is named replaces what it said; of the hand-over, too, only what is named. */
async function set(cli: Cli, id: string, flags: Flags): Promise<void> {
  const client = await connect(cli, { ...flags, json: true });
  const { hooks } = await client.get<{ hooks: Hook[] }>("/hooks");
  const found = hooks.find((one) => one.id === id);
  if (found === undefined)
    throw refuse("NotFound", `There is no hook ${id}.`, "See what there is: connectsoft hook ls");
  const named = specOf(flags);
  const { kind, account, digest, description } = found;
  const before = { kind, account, digest, ...(description !== undefined && { description }) };
  const handOver = { ...found.handOver, ...((named.handOver ?? {}) as object) };
  const spec = { ...before, ...named, ...(Object.keys(handOver).length > 0 && { handOver }) };
  const changed = await client.send<Hook>("PUT", at(id), spec);
  print(cli, flags, changed, table([rowOf(changed)]));
}

function withSpec(command: Command): Command {
  return command
    .option("--account <account>", "the service account in whose name it acts")
    .option("--url <url>", "hands over the module of this git repository; without it, takes CloudEvents")
    .option("--branch <branch...>", "delivered when they are pushed (default: main)")
    .option("--tag <tag...>", "delivered when they are pushed (default: none)")
    .option("--folder <folder>", "of the repository: the module's")
    .option("--module <module>", "its name (default: the repository's)")
    .option("--env <environment...>", "where it goes (default: the whole promotion path)")
    .option("--description <text>", "what it is for");
}

function specOf(flags: Flags): Record<string, unknown> {
  const { url, branch: branches, tag: tags, folder, module: moduleId, env: environments } = flags;
  const handOver = named({ url, branches, tags, folder, moduleId, environments });
  const isHandOver = Object.keys(handOver).length > 0;
  return named({
    account: flags.account,
    description: flags.description,
    handOver: isHandOver ? handOver : undefined,
  });
}

function named(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

async function ownSecret(cli: Cli, { ownSecret: own }: Flags): Promise<{ secret?: string }> {
  return own === true ? { secret: await readSecret(cli, "the hook's secret") } : {};
}

function shownSecret({ secret }: HookWithSecret, own: string | undefined): string[] {
  return own === undefined ? [`Secret, shown this once: ${secret}`] : [];
}

function rowOf({ id, kind, account, handOver, path }: Hook): string[] {
  if (handOver === undefined) return [id, kind, `service:${account}`, "takes CloudEvents", path];
  const refs = [...handOver.branches, ...handOver.tags].join(", ");
  return [id, kind, `service:${account}`, `hands over ${refs} of ${handOver.url}`, path];
}

function print(cli: Cli, { json }: Flags, answer: object, lines: string[]): void {
  if (json === true) cli.out(JSON.stringify(answer, null, 2));
  else for (const line of lines) cli.out(line);
}
