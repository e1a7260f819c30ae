import type { Command } from "commander";
import { spanBetween } from "../../domain/time-text.ts";
import type { DeliverySummary } from "../../operations/list-deliveries.ts";
import type { Cli } from "../cli.ts";
import { connect, findTarget, getStatus } from "../connect.ts";
import { describeStatus } from "../describe-status.ts";
import { table } from "../table.ts";

interface Flags {
  module?: string;
  data?: string;
  json?: boolean;
}

export function addStatus(program: Command, cli: Cli): void {
  program
    .command("status [trace]")
    .description("where a delivery is; without a trace, the newest deliveries")
    .option("--module <module>", "module of the trace")
    .option("--json", "as JSON, with absolute times")
    .option("--data <folder>", "data directory")
    .action(async (trace: string | undefined, flags: Flags) => {
      const client = await connect(cli, flags);
      if (trace !== undefined) {
        const status = await getStatus(client, await findTarget(client, trace, flags.module));
        if (flags.json === true) cli.out(JSON.stringify(status, null, 2));
        else for (const line of describeStatus(cli, status)) cli.out(line);
        return;
      }
      const found = await client.get<DeliverySummary[]>("/deliveries", {
        moduleId: flags.module,
        limit: "20",
      });
      if (flags.json === true) cli.out(JSON.stringify(found, null, 2));
      else for (const line of describeList(cli, found)) cli.out(line);
    });
}

function describeList(cli: Cli, found: DeliverySummary[]): string[] {
  if (found.length === 0) return ["Nothing has been delivered yet. Begin: connectsoft deliver <folder>"];
  const now = new Date().toISOString();
  const head = ["TRACE", "MODULE", "STATE", "CHANGED"].map((word) => cli.colors.dim(word));
  const rows = found.map(({ subject, phase, active, updatedAt }) => [
    subject.traceId,
    subject.moduleId,
    phase === "open" ? statesText(active) : phase,
    `${spanBetween(updatedAt, now)} ago`,
  ]);
  return table([head, ...rows]);
}

/** The environments where there are any, because the delivery's own flow then only waits for them. */
function statesText(active: Record<string, string[]>): string {
  const places = Object.entries(active).filter(([name]) => name !== "delivery");
  if (places.length === 0) return (active.delivery ?? []).join(", ");
  return places.map(([name, states]) => `${name}: ${states.join(", ")}`).join("; ");
}
