/** `connectsoft delegate`: who votes in whose place, and for how long. */
import type { Command } from "commander";
import { parseDuration } from "../../domain/flow/duration.ts";
import { refuse } from "../../domain/refusal.ts";
import type { Delegation } from "../../domain/release/delegation.ts";
import { momentText } from "../../domain/time-text.ts";
import type { Cli } from "../cli.ts";
import { connect } from "../connect.ts";
import { plainLine } from "../plain-text.ts";
import { table } from "../table.ts";

interface Flags {
  to?: string;
  role?: string;
  from?: string;
  until?: string;
  reason?: string;
  json?: boolean;
  data?: string;
}

export function addDelegation(program: Command, cli: Cli): void {
  const delegate = program.command("delegate").description("have another person vote in a role of yours");
  common(
    delegate
      .command("add", { isDefault: true })
      .description("have another person vote in a role of yours, for a while; you do not vote in it then")
      .requiredOption("--to <person>", "who votes for you")
      .requiredOption("--role <role>", "a role that you hold, such as ReleaseManager")
      .option("--from <time>", "such as 2026-08-01 or 2026-08-01T08:00:00Z (default: now)")
      .requiredOption("--until <time>", "when it ends, or how long it holds: 14d")
      .requiredOption("--reason <text>", "why, for those who read the record"),
  ).action(async (flags: Flags) => {
    const { to, role, reason, from, until } = flags;
    const times = {
      until: timeOf("until", until ?? ""),
      ...(from !== undefined && { from: timeOf("from", from) }),
    };
    const client = await connect(cli, flags);
    const made = await client.send<Delegation>("POST", "/delegations", { to, role, reason, ...times });
    if (flags.json === true) return cli.out(JSON.stringify(made));
    cli.out(
      `${made.to} votes as ${made.role} for ${made.from} from ${momentText(made.begins)} until ${momentText(made.ends)}.`,
    );
    cli.out(`${cli.colors.bold("next:")} Take it back: connectsoft delegate end ${made.id}`);
  });
  common(delegate.command("ls").description("who votes in whose place, and who did")).action(
    async (flags: Flags) => {
      const found = await (await connect(cli, flags)).get<Delegation[]>("/delegations");
      if (flags.json === true) return cli.out(JSON.stringify(found, null, 2));
      if (found.length === 0) return cli.out("Nobody votes in another's place.");
      for (const line of table(found.map(lineOf))) cli.out(line);
    },
  );
  common(
    delegate
      .command("end <id>")
      .description("take it back; votes that were given by it and are not decided yet are void"),
  ).action(async (id: string, flags: Flags) => {
    const client = await connect(cli, flags);
    const ended = await client.send<Delegation>("POST", `/delegations/${encodeURIComponent(id)}/end`);
    cli.out(flags.json === true ? JSON.stringify(ended) : `${ended.to} votes for ${ended.from} no more.`);
  });
}

function lineOf({ id, from, to, role, begins, ends, ended, reason }: Delegation): string[] {
  const over = ended === undefined ? "" : `taken back by ${ended.by} at ${momentText(ended.at)}`;
  return [
    id,
    `${to} for ${from}`,
    role,
    `${momentText(begins)} - ${momentText(ends)}`,
    plainLine(reason),
    over,
  ];
}

/** A date alone is its beginning by the clock of this machine; `14d` is counted from now. */
function timeOf(name: string, said: string): string {
  const spanMs = parseDuration(said);
  if (spanMs !== undefined) return new Date(Date.now() + spanMs).toISOString();
  const time = new Date(/^\d{4}-\d{2}-\d{2}$/.test(said) ? `${said}T00:00:00` : said);
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw refuse("InputInvalid", `${name}: expected a time such as 2026-08-01T08:00:00Z, found ${said}.`);
}

function common(command: Command): Command {
  return command.option("--json", "as JSON").option("--data <folder>", "data directory");
}
