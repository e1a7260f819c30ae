import type { Command } from "commander";
import type { Explanation } from "../../domain/delivery/situation.ts";
import type { Cli } from "../cli.ts";
import { connect, findTarget, pathOf } from "../connect.ts";
import { describeExplanation } from "../describe-explanation.ts";

interface Flags {
  module?: string;
  data?: string;
  json?: boolean;
}

export function addExplain(program: Command, cli: Cli): void {
  program
    .command("explain [trace]")
    .description("why it waits, on whom, since when, and what resolves it")
    .option("--module <module>", "module of the trace")
    .option("--json", "as JSON, with absolute times")
    .option("--data <folder>", "data directory")
    .action(async (trace: string | undefined, flags: Flags) => {
      const client = await connect(cli, flags);
      const target = await findTarget(client, trace, flags.module);
      const explanation = await client.get<Explanation>(`${pathOf(target)}/explanation`);
      if (flags.json === true) cli.out(JSON.stringify(explanation, null, 2));
      else for (const line of describeExplanation(cli, explanation)) cli.out(line);
    });
}
