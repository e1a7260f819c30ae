import type { Command } from "commander";
import type { CorrectionsAsked, DriftReport } from "../../operations/drift/show-drift.ts";
import { type Cli, exitCodes } from "../cli.ts";
import { connect } from "../connect.ts";

interface Flags {
  env?: string;
  module?: string;
  correct?: boolean;
  json?: boolean;
  data?: string;
}

export function addDrift(program: Command, cli: Cli, end: (code: number) => void): void {
  program
    .command("drift")
    .description("what differs now between what runs and what was approved")
    .option("--env <environment>", "only this environment")
    .option("--module <module>", "only this module")
    .option("--correct", "make it what was approved again")
    .option("--json", "as JSON")
    .option("--data <folder>", "data directory")
    .addHelpText("after", "\nExit codes: 0 nothing differs; 1 something does.")
    .action(async (flags: Flags) => {
      const client = await connect(cli, flags);
      const scope = { environment: flags.env, moduleId: flags.module };
      const report =
        flags.correct === true
          ? await client.send<CorrectionsAsked>("POST", "/drift/corrections", scope)
          : await client.get<DriftReport>("/drift", scope);
      if (flags.json === true) cli.out(JSON.stringify(report, null, 2));
      else for (const line of describe(cli, report)) cli.out(line);
      if (report.places.some(({ differences }) => differences.length > 0)) end(exitCodes.unexpected);
    });
}

function describe(cli: Cli, report: DriftReport | CorrectionsAsked): string[] {
  const { bold, green, yellow } = cli.colors;
  const drifted = report.places.filter(({ differences }) => differences.length > 0);
  if (drifted.length === 0)
    return [`${green("ok")}  ${report.places.length} looked at: what runs is what was approved.`];
  const lines = drifted.flatMap(({ environment, moduleId, version, releaseId, differences }) => [
    `${bold(`${moduleId} in ${environment}`)}  ${version} (${releaseId})`,
    ...differences.map(({ words }) => `  ${yellow("●")} ${words}`),
  ]);
  if ("asked" in report && report.asked.length > 0)
    return [...lines, "", "The correction has begun. See it: connectsoft drift"];
  // What is to be done about newer secrets stands in their own line.
  if (drifted.every(({ differences }) => differences.every(({ kind }) => kind === "secret-version")))
    return lines;
  return [...lines, "", `${bold("next:")} Make it what was approved again: connectsoft drift --correct`];
}
