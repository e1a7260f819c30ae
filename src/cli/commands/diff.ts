import type { Command } from "commander";
import type { DeploymentDiff } from "../../operations/diff-deployment.ts";
import type { Cli } from "../cli.ts";
import { connect, findTarget, pathOf } from "../connect.ts";
import { describeDeploymentDiff } from "../describe-deployment-diff.ts";

interface Flags {
  module?: string;
  env?: string;
  data?: string;
  json?: boolean;
}

export function addDiff(program: Command, cli: Cli): void {
  program
    .command("diff")
    .description("compare what is with what would be")
    .command("deploy [trace]")
    .description("what the next deployment of a delivery would change, against what serves there")
    .option("--env <environment>", "where (default: the next on its promotion path)")
    .option("--module <module>", "module of the trace")
    .option("--json", "as JSON")
    .option("--data <folder>", "data directory")
    .action(async (trace: string | undefined, flags: Flags) => {
      const client = await connect(cli, flags);
      const target = await findTarget(client, trace, flags.module);
      const path = `${pathOf(target)}/deployment-diff`;
      const diff = await client.get<DeploymentDiff>(path, { environment: flags.env });
      if (flags.json === true) cli.out(JSON.stringify(diff, null, 2));
      else for (const line of describeDeploymentDiff(cli, diff)) cli.out(line);
    });
}
