import type { Command } from "commander";
import type { Cli } from "../cli.ts";

export function addStop(program: Command, cli: Cli): void {
  program
    .command("stop")
    .description("end the server, its database and the services that it deployed")
    .option("--keep-services", "let the deployed services serve on")
    .option("--data <folder>", "data directory")
    .action(async (flags: { keepServices?: boolean; data?: string }) => {
      const dataDirectory = cli.local.dataDirectory(flags.data);
      const { server, database, services } = await cli.local.stop(dataDirectory, flags.keepServices === true);
      cli.out(server ? "The server has ended." : "No server ran.");
      if (database && !server) cli.out("Its database has ended.");
      if (services === undefined) cli.out("Deployed services serve on; end them with connectsoft stop.");
      else if (services.length > 0) cli.out(`Ended: ${services.join(", ")}.`);
    });
}
