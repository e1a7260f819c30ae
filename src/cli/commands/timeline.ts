import type { Command } from "commander";
import type { DeliveryEvent } from "../../domain/event/event.ts";
import type { Cli } from "../cli.ts";
import { connect, findTarget, pathOf } from "../connect.ts";
import { factLine } from "../fact-line.ts";
import { table } from "../table.ts";

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
      else for (const line of describe(cli, events, flags.all === true)) cli.out(line);
    });
}

const details = new Set(["AgentInvoked", "ArtifactWritten", "FlowStarted"]);

function describe(cli: Cli, events: DeliveryEvent[], all: boolean): string[] {
  const { dim, yellow } = cli.colors;
  const regulated = new Set(
    events.flatMap(({ data, environment }) => (data.compliance === undefined ? [] : [environment])),
  );
  const label = ({ environment }: DeliveryEvent) => (regulated.has(environment) ? yellow("compliance") : "");
  const rows = events
    .filter((event) => all || !details.has(nameOf(event)))
    .map((event) => [
      dim(String(event.sequence).padStart(4)),
      dim(event.time.slice(11, 23)),
      event.environment ?? "",
      nameOf(event),
      ...(regulated.size > 0 ? [label(event)] : []),
      dim(event.agentid ?? event.source),
      factLine(event),
    ]);
  return table(rows);
}

function nameOf(event: DeliveryEvent): string {
  return event.type.slice(event.type.lastIndexOf(".") + 1);
}
