import type { Command } from "commander";
import { refuse } from "../../domain/refusal.ts";
import type { SecretReference } from "../../operations/manage-settings.ts";
import type { Cli } from "../cli.ts";
import { connect } from "../connect.ts";
import { readSecret } from "../read-secret.ts";
import { table } from "../table.ts";
import { addRotation, secretCommand } from "./rotate-secret.ts";

interface Flags {
  env: string;
  module?: string;
  data?: string;
  json?: boolean;
}

type Kind = "config" | "secret";

export function addSettings(program: Command, cli: Cli): void {
  addKind(program, cli, "config");
  addKind(program, cli, "secret");
}

function addKind(program: Command, cli: Cli, kind: Kind): void {
  const route = kind === "config" ? "config" : "secrets";
  const group = program
    .command(kind)
    .description(
      kind === "config"
        ? "configuration of an environment"
        : "secrets of an environment; values are never shown",
    );
  const place = (command: Command): Command =>
    command
      .requiredOption("--env <environment>", "environment")
      .option("--module <module>", "for this module only (default: every module of the environment)")
      .option("--data <folder>", "data directory");

  const set = kind === "config" ? group.command("set <name> [value]") : group.command("set <name>");
  place(set)
    .description(
      kind === "config"
        ? "set a value: `set GREETING hello` or `set GREETING=hello`"
        : "set a value; it is read from standard input or asked for",
    )
    .action(async (given: string, ...rest: unknown[]) => {
      const flags = rest.at(kind === "config" ? 1 : 0) as Flags;
      const { name, value } =
        kind === "config"
          ? readAssignment(given, rest[0] as string | undefined)
          : {
              name: given,
              value: await readSecret(cli, { name: given, into: secretCommand("set", given, flags) }),
            };
      const client = await connect(cli, flags);
      await client.send("PUT", `/settings/${enc(flags.env)}/${route}/${enc(name)}`, bodyOf(flags, value));
      cli.out(`${name} is set in ${flags.env}.`);
    });
  if (kind === "secret") addRotation(place(group.command("rotate <name>")), cli);
  place(group.command("unset <name>"))
    .description("remove a value")
    .action(async (name: string, flags: Flags) => {
      const client = await connect(cli, flags);
      const { removed } = await client.send<{ removed: boolean }>(
        "DELETE",
        `/settings/${enc(flags.env)}/${route}/${enc(name)}${flags.module === undefined ? "" : `?moduleId=${enc(flags.module)}`}`,
      );
      if (!removed)
        throw refuse(
          "NotFound",
          `${name} is not set there.`,
          `See what is: connectsoft ${kind} ls --env ${flags.env}`,
        );
      cli.out(`${name} is removed from ${flags.env}.`);
    });
  place(group.command("ls"))
    .description(kind === "config" ? "list names and values" : "list names and version ids")
    .option("--json", "as JSON")
    .action(async (flags: Flags) => {
      const client = await connect(cli, flags);
      const found = await client.get<Record<string, string> | SecretReference[]>(
        `/settings/${enc(flags.env)}/${route}`,
        { moduleId: flags.module },
      );
      if (flags.json === true) cli.out(JSON.stringify(found, null, 2));
      else for (const line of table(rowsOf(found))) cli.out(line);
    });
}

/** `NAME value`, or `NAME=value` in one word; a value may itself hold `=`. */
function readAssignment(given: string, value: string | undefined): { name: string; value: string } {
  if (value !== undefined) return { name: given, value };
  const at = given.indexOf("=");
  if (at > 0) return { name: given.slice(0, at), value: given.slice(at + 1) };
  throw refuse(
    "InputInvalid",
    `${given} was given no value.`,
    `For example: connectsoft config set ${given}=hello --env staging`,
  );
}

function rowsOf(found: Record<string, string> | SecretReference[]): string[][] {
  if (!Array.isArray(found)) return Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1));
  return found.map(({ name, versionId }) => [name, versionId]);
}

function bodyOf({ module }: Flags, value: string): object {
  return module === undefined ? { value } : { value, moduleId: module };
}

const enc = encodeURIComponent;
