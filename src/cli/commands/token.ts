/** `connectsoft token`: access tokens, made, listed and revoked. */
import type { Command } from "commander";
import type { IssuedToken, TokenFacts } from "../../operations/accounts/manage-tokens.ts";
import type { Cli } from "../cli.ts";
import { connect } from "../connect.ts";
import { table } from "../table.ts";

interface Flags {
  label?: string;
  scope?: string[];
  env?: string[];
  expires?: string;
  all?: boolean;
  json?: boolean;
  data?: string;
}

export function addTokens(program: Command, cli: Cli): void {
  const token = program.command("token").description("access tokens of people and service accounts");
  token
    .command("create <person>")
    .description("print a new access token for a person or service:<account> of the tenant, once")
    .option("--label <text>", "what it is for")
    .option(
      "--scope <names...>",
      "of read, deliver, decide, admin and actions; without it all that the roles allow",
    )
    .option("--env <environments...>", "environments in which alone it is good")
    .option("--expires <duration>", "30d, 12h; at most 366d (default: 90d)")
    .option("--json", "with id and end, as JSON")
    .option("--data <folder>", "data directory")
    .action(async (person: string, flags: Flags) => {
      const { label, scope, env: environments, expires } = flags;
      const body = {
        person,
        ...(label !== undefined && { label }),
        ...(scope !== undefined && { scope: scope.flatMap(words) }),
        ...(environments !== undefined && { environments: environments.flatMap(words) }),
        ...(expires !== undefined && { expires }),
      };
      const client = await connect(cli, flags);
      const made = await client.send<IssuedToken>("POST", "/tokens", body);
      cli.out(flags.json === true ? JSON.stringify(made) : made.token);
    });
  token
    .command("ls")
    .description("whose tokens there are, what they are good for, when they end and were used last")
    .option("--all", "of everybody, for who manages them")
    .option("--json", "as JSON")
    .option("--data <folder>", "data directory")
    .action(async (flags: Flags) => {
      const client = await connect(cli, flags);
      const found = await client.get<TokenFacts[]>("/tokens", {
        all: flags.all === true ? "true" : undefined,
      });
      if (flags.json === true) cli.out(JSON.stringify(found, null, 2));
      else for (const line of describe(found)) cli.out(line);
    });
  token
    .command("revoke <id>")
    .description("end a token at once, by the id that ls shows")
    .option("--json", "as JSON")
    .option("--data <folder>", "data directory")
    .action(async (id: string, flags: Flags) => {
      const client = await connect(cli, flags);
      const ended = await client.send<{ id: string; person: string }>(
        "DELETE",
        `/tokens/${encodeURIComponent(id)}`,
      );
      cli.out(
        flags.json === true
          ? JSON.stringify(ended)
          : `${ended.id} of ${ended.person} is refused from here on.`,
      );
    });
}

function words(text: string): string[] {
  return text.split(",").filter((word) => word !== "");
}

function describe(tokens: TokenFacts[]): string[] {
  if (tokens.length === 0) return ["No tokens."];
  const head = ["id", "of", "state", "good for", "ends", "last used", "label"];
  return table([head, ...tokens.map(row)]);
}

function row({ id, person, state, scope, environments, expiresAt, lastUsedAt, label }: TokenFacts): string[] {
  const reach = scope?.join(",") ?? "all that the roles allow";
  const where = environments === undefined ? "" : ` in ${environments.join(",")}`;
  return [id, person, state, reach + where, day(expiresAt), day(lastUsedAt), label];
}

function day(time: string | undefined): string {
  return time === undefined ? "never" : time.slice(0, 16).replace("T", " ");
}
