/** What the commands of subscriptions and hooks have alike: flags, how they ask and print, and secrets. */
import type { Command } from "commander";
import type { Cli } from "./cli.ts";
import type { Client } from "./client.ts";
import { connect, type ServerFlags } from "./connect.ts";
import { readSecret } from "./read-secret.ts";

export interface CommonFlags extends ServerFlags {
  ownSecret?: boolean;
}

/** Makes commands below a group. */
export function subCommands(group: Command): (usage: string, words: string) => Command {
  return (usage, words) =>
    group
      .command(usage)
      .description(words)
      .option("--json", "as JSON")
      .option("--data <folder>", "data directory");
}

export function withOwnSecret(command: Command): Command {
  return command.option("--own-secret", "a secret of yours, read from standard input");
}

interface Asked<Answer> {
  ask(client: Client): Promise<Answer>;
  describe(answer: Answer): string[];
}

export async function printed<Answer>(
  cli: Cli,
  flags: ServerFlags,
  { ask, describe }: Asked<Answer>,
): Promise<void> {
  const answer = await ask(await connect(cli, flags));
  if (flags.json === true) cli.out(JSON.stringify(answer, null, 2));
  else for (const line of describe(answer)) cli.out(line);
}

/** Those of the fields that were named. */
export function named(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** What a command sends of it: nothing, where the server makes one. */
export async function ownSecret(cli: Cli, flags: CommonFlags, name: string): Promise<{ secret?: string }> {
  return flags.ownSecret === true
    ? { secret: await readSecret(cli, { name, into: "connectsoft ... --own-secret" }) }
    : {};
}

/** Who gave it knows it. */
export function describeSecret(name: string, secret: string, given: { secret?: string }): string[] {
  return given.secret === undefined ? [`${name}, shown this once: ${secret}`] : [];
}
