import type { Command } from "commander";
import type { FailureDetails } from "../../operations/describe-failure.ts";
import type { Cli } from "../cli.ts";
import { connect } from "../connect.ts";
import { describeFailure } from "../describe-failure.ts";

interface Flags {
  module?: string;
  json?: boolean;
  data?: string;
}

export function addFailure(program: Command, cli: Cli): void {
  program
    .command("failure <release>")
    .description("what failed of a release or a trace, what serves now, and what to do")
    .option("--module <module>", "module of the trace")
    .option("--json", "as JSON")
    .option("--data <folder>", "data directory")
    .action(async (release: string, flags: Flags) => {
      const client = await connect(cli, flags);
      const where = `/failures/${encodeURIComponent(release)}`;
      const found = await client.get<FailureDetails>(where, { moduleId: flags.module });
      if (flags.json === true) cli.out(JSON.stringify(found, null, 2));
      else for (const line of describeFailure(cli, found)) cli.out(line);
    });
}
