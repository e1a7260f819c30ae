import type { Command } from "commander";
import type { DeliveryEvent } from "../../domain/event/event.ts";
import type { Cli } from "../cli.ts";
import { connect, findTarget, pathOf } from "../connect.ts";
import { describeTimeline } from "../describe-timeline.ts";

interface Flags {
  module?: string;
  data?: string;
  json?: boolean;
  all?: boolean;
}

export function addTimeline(program: Command, cli: Cli): void {
  program
    .command("timeline [trace]")
    .description("what happened, in order")
    .option("--module <module>", "module of the trace")
    .option("--all", "with each artifact and invocation")
    .option("--json", "one event a line, as it stands on the chain")
    .option("--data <folder>", "data directory")
    .action(async (trace: string | undefined, flags: Flags) => {
      const client = await connect(cli, flags);
      const target = await findTarget(client, trace, flags.module);
      const events = await client.get<DeliveryEvent[]>(`${pathOf(target)}/events`);
      if (flags.json === true) for (const event of events) cli.out(JSON.stringify(event));
      else for (const line of describeTimeline(cli, events, flags.all === true)) cli.out(line);
    });
}
