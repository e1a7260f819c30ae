/** A campaign as people read it: one line a module, then what to do next. */
import type { FleetReport, UpgradeState } from "../operations/fleet/fleet-report.ts";
import type { Cli } from "./cli.ts";
import { table } from "./table.ts";

type Row = FleetReport["modules"][number];

/** Unchanged modules are counted and not listed: of a thousand, most are. */
export function describeFleet(cli: Cli, report: FleetReport): string[] {
  const { bold, dim } = cli.colors;
  const { campaign, modules } = report;
  const shown = modules.filter(({ state }) => state !== "unchanged");
  const unchanged = modules.length - shown.length;
  const pace = `at most ${campaign.atOnce} at once, ${campaign.perHour} an hour`;
  return [
    `${bold(campaign.campaignId)} ${campaign.status}: ${campaign.reason} ${dim(`(${pace})`)}`,
    ...(shown.length === 0 ? [] : [""]),
    ...table(
      shown.map((row) => [row.moduleId, coloured(cli, row.state), changes(row), dim(notes(row))]),
      "  ",
    ),
    ...(unchanged > 0
      ? ["", dim(`${unchanged} ${unchanged === 1 ? "module is" : "modules are"} up to date`)]
      : []),
    ...next(cli, report),
  ];
}

const words: Record<UpgradeState, string> = {
  unplanned: "not looked at yet",
  touched: "to upgrade",
  unchanged: "up to date",
  unplannable: "cannot be upgraded",
  started: "starting",
  upgrading: "upgrading",
  upgraded: "upgraded",
  failed: "failed",
  superseded: "gave way to a newer delivery",
};

function coloured(cli: Cli, state: UpgradeState): string {
  const { green, red, yellow } = cli.colors;
  if (state === "upgraded") return green(words[state]);
  if (state === "failed" || state === "unplannable") return red(words[state]);
  return state === "touched" ? yellow(words[state]) : words[state];
}

function changes({ files }: Row): string {
  if (files.length === 0) return "";
  const [first] = files;
  return files.length === 1 ? (first?.path ?? "") : `${first?.path} and ${files.length - 1} more`;
}

function notes({ state, active, detail }: Row): string {
  const at = state === "upgrading" || state === "failed" ? active.join(", ") : "";
  return [at, detail].filter((text) => text !== "").join("; ");
}

function next(cli: Cli, { campaign, modules }: FleetReport): string[] {
  const { bold } = cli.colors;
  const count = (state: UpgradeState) => modules.filter((row) => row.state === state).length;
  switch (campaign.status) {
    case "planned":
    case "paused":
      return count("touched") === 0
        ? ["", "Nothing is to be upgraded."]
        : ["", `${bold("next:")} Open ${pullRequests(count("touched"))}: connectsoft fleet apply`];
    case "planning":
    case "running":
      return ["", `${bold("next:")} See how far it is: connectsoft fleet status`];
    case "done":
      return count("failed") === 0
        ? []
        : ["", `${bold("next:")} Why: connectsoft explain ${campaign.campaignId} --module <module>`];
  }
}

function pullRequests(count: number): string {
  return count === 1 ? "its pull request" : `${count} pull requests`;
}
