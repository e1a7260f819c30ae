import path from "node:path";
import type { Command } from "commander";
import type { Preview } from "../../operations/preview-delivery.ts";
import type { Cli } from "../cli.ts";
import { connect } from "../connect.ts";
import { describePreview } from "../describe-preview.ts";

interface Flags {
  module?: string;
  diff?: boolean;
  data?: string;
  json?: boolean;
}

export function addDev(program: Command, cli: Cli): void {
  program
    .command("dev")
    .description("work on a module before it is handed over")
    .command("preview [folder]")
    .description("what would be generated, as a tree beside what is there; nothing is written")
    .option("--diff", "with the text of every change, as a unified diff")
    .option("--module <module>", "name of the module (default: its own)")
    .option("--json", "as JSON, with the diff")
    .option("--data <folder>", "data directory")
    .addHelpText(
      "after",
      `
Exit code 0, also where there is nothing to change; 2 where the folder is no module.

Examples:
  connectsoft dev preview ./booking-service
  connectsoft dev preview ./booking-service --diff | less`,
    )
    .action(async (folder: string | undefined, flags: Flags) => {
      const client = await connect(cli, flags);
      const preview = await client.send<Preview>("POST", "/previews", {
        path: path.resolve(cli.cwd, folder ?? "."),
        moduleId: flags.module,
      });
      if (flags.json === true) cli.out(JSON.stringify(preview, null, 2));
      else for (const line of describePreview(cli, preview, flags.diff === true)) cli.out(line);
    });
}
