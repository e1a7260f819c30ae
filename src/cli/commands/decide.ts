/** `studio`: the decisions that people take. */
import type { Command } from "commander";
import type { Decision } from "../../operations/decide-release.ts";
import type { PendingRelease } from "../../operations/list-pending.ts";
import type { Cli } from "../cli.ts";
import { connect } from "../connect.ts";
import { describePending } from "../describe-pending.ts";

interface Flags {
  comment?: string;
  json?: boolean;
  data?: string;
}

export function addDecisions(program: Command, cli: Cli): void {
  common(
    program.command("pending").description("what waits for a decision, since when, and what exactly it is"),
  ).action(async (flags: Flags) => {
    const found = await (await connect(cli, flags)).get<PendingRelease[]>("/releases/pending");
    if (flags.json === true) cli.out(JSON.stringify(found, null, 2));
    else if (found.length === 0) cli.out("Nothing waits for a decision.");
    else for (const one of found) for (const line of describePending(cli, one)) cli.out(line);
  });
  common(
    program
      .command("approve-release <release>")
      .description("approve exactly what pending shows: the vote binds its digests")
      .option("--comment <text>", "why, for those who read the record"),
  ).action((release: string, flags: Flags) => decide(cli, { release, verb: "approve", flags }));
  common(
    program
      .command("reject-release <release>")
      .description("reject a release")
      .requiredOption("--comment <text>", "why; asked for with a rejection"),
  ).action((release: string, flags: Flags) => decide(cli, { release, verb: "reject", flags }));
}

async function decide(
  cli: Cli,
  act: { release: string; verb: "approve" | "reject"; flags: Flags },
): Promise<void> {
  const { release, verb, flags } = act;
  const client = await connect(cli, flags);
  const decision = await client.send<Decision>("POST", `/releases/${encodeURIComponent(release)}/${verb}`, {
    comment: flags.comment ?? "",
  });
  if (flags.json === true) {
    cli.out(JSON.stringify(decision));
    return;
  }
  const again = decision.counted ? "" : " This vote was there already.";
  cli.out(`${decision.note}${again}`);
  cli.out(`${cli.colors.bold("next:")} Follow it: connectsoft deliver --follow ${decision.subject.traceId}`);
}

function common(command: Command): Command {
  return command.option("--json", "as JSON").option("--data <folder>", "data directory");
}
