import { setTimeout as delay } from "node:timers/promises";
import type { Command } from "commander";
import type { FleetReport } from "../../operations/fleet/fleet-report.ts";
import type { Cli } from "../cli.ts";
import type { Client } from "../client.ts";
import { connect } from "../connect.ts";
import { describeFleet } from "../describe-fleet.ts";

interface Flags {
  campaign?: string;
  modules?: string[];
  reason?: string;
  atOnce?: string;
  perHour?: string;
  wait?: boolean;
  data?: string;
  json?: boolean;
}

const lookEveryMs = 500;

export function addFleet(program: Command, cli: Cli): void {
  const fleet = program
    .command("fleet")
    .description("bring the generated files of all modules up to date, by pull requests");
  fleet
    .command("plan")
    .description("look at every module and say what an upgrade would change; changes nothing")
    .option("--modules <modules...>", "only these")
    .option("--reason <text>", "why, for the record")
    .option("--json", "as JSON, when all are looked at")
    .option("--data <folder>", "data directory")
    .action(async ({ modules, reason, ...flags }: Flags) => {
      const client = await connect(cli, flags);
      const body = { reason, modules: modules?.flatMap((one) => one.split(",")) };
      const begun = await client.send<FleetReport>("POST", "/fleet/campaigns", body);
      await show(cli, await settled(client, begun, ({ campaign }) => campaign.status === "planning"), flags);
    });
  fleet
    .command("apply")
    .description("open the upgrade pull requests of the planned campaign, at its pace")
    .option("--campaign <campaign>", "which (default: the newest)")
    .option("--at-once <number>", "upgrades under way at a time (default: 5)")
    .option("--per-hour <number>", "upgrades started within an hour (default: 60)")
    .option("--wait", "until every one of them has landed, failed or waits for a person")
    .option("--json", "as JSON")
    .option("--data <folder>", "data directory")
    .action(async ({ campaign: campaignId, atOnce, perHour, wait, ...flags }: Flags) => {
      const client = await connect(cli, flags);
      const body = { campaignId, atOnce: numberOf(atOnce), perHour: numberOf(perHour) };
      const begun = await client.send<FleetReport>("POST", "/fleet/apply", body);
      const busy = ({ campaign }: FleetReport) => wait === true && campaign.status === "running";
      await show(cli, await settled(client, begun, busy), flags);
    });
  fleet
    .command("pause")
    .description("start no further upgrade; fleet apply goes on")
    .option("--campaign <campaign>", "which (default: the newest)")
    .option("--json", "as JSON")
    .option("--data <folder>", "data directory")
    .action(async ({ campaign: campaignId, ...flags }: Flags) => {
      const client = await connect(cli, flags);
      await show(cli, await client.send<FleetReport>("POST", "/fleet/pause", { campaignId }), flags);
    });
  fleet
    .command("status")
    .description("where the campaign is, module by module")
    .option("--campaign <campaign>", "which (default: the newest)")
    .option("--json", "as JSON")
    .option("--data <folder>", "data directory")
    .action(async ({ campaign: campaignId, ...flags }: Flags) => {
      const client = await connect(cli, flags);
      await show(cli, await client.get<FleetReport>("/fleet/status", { campaignId }), flags);
    });
}

async function settled(
  client: Client,
  begun: FleetReport,
  busy: (report: FleetReport) => boolean,
): Promise<FleetReport> {
  let report = begun;
  while (busy(report)) {
    await delay(lookEveryMs);
    report = await client.get<FleetReport>("/fleet/status", { campaignId: begun.campaign.campaignId });
  }
  return report;
}

async function show(cli: Cli, report: FleetReport, { json }: Flags): Promise<void> {
  if (json === true) cli.out(JSON.stringify(report, null, 2));
  else for (const line of describeFleet(cli, report)) cli.out(line);
}

/** What is no number goes as it is, so that the server names the field and what it expected. */
function numberOf(text: string | undefined): number | string | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}
