/** `connectsoft session`: who is signed in with a browser, and an end to it. */
import type { Command } from "commander";
import type { SessionLine } from "../../operations/sessions/manage-sessions.ts";
import type { Cli } from "../cli.ts";
import { connect } from "../connect.ts";
import { table } from "../table.ts";

interface Flags {
  all?: boolean;
  json?: boolean;
  data?: string;
}

export function addSessions(program: Command, cli: Cli): void {
  const session = program.command("session").description("sessions of people in browsers");
  session
    .command("ls")
    .description("who is signed in with a browser, since when and until when")
    .option("--all", "of everybody, for who manages tokens")
    .option("--json", "as JSON")
    .option("--data <folder>", "data directory")
    .action(async (flags: Flags) => {
      const client = await connect(cli, flags);
      const all = flags.all === true ? "true" : undefined;
      const found = await client.get<SessionLine[]>("/sessions", { all });
      if (flags.json === true) cli.out(JSON.stringify(found, null, 2));
      else for (const line of describe(found)) cli.out(line);
    });
  session
    .command("end <id>")
    .description("end a session at once, by the id that ls shows")
    .option("--json", "as JSON")
    .option("--data <folder>", "data directory")
    .action(async (id: string, flags: Flags) => {
      const client = await connect(cli, flags);
      const path = `/sessions/${encodeURIComponent(id)}`;
      const ended = await client.send<{ id: string; person: string }>("DELETE", path);
      cli.out(flags.json === true ? JSON.stringify(ended) : `${ended.id} of ${ended.person} has ended.`);
    });
}

function describe(sessions: SessionLine[]): string[] {
  if (sessions.length === 0) return ["Nobody is signed in with a browser."];
  const head = ["id", "of", "began", "last used", "ends", "browser"];
  return table([head, ...sessions.map(row)]);
}

function row({ id, person, beganAt, lastUsedAt, endsAt, agent }: SessionLine): string[] {
  return [id, person, minute(beganAt), minute(lastUsedAt), minute(endsAt), agent.slice(0, 60)];
}

function minute(time: string): string {
  return time.slice(0, 16).replace("T", " ");
}
