import { type Command, InvalidArgumentError, Option } from "commander";
import type { Cli } from "../cli.ts";

export function addServe(program: Command, cli: Cli, end: (code: number) => void): void {
  program
    .command("serve")
    .description("run the API and the workers in the foreground")
    .addOption(
      new Option("--role <role>", "what this process does").choices(["all", "api", "worker"]).default("all"),
    )
    .option("--port <port>", "port on 127.0.0.1; 0 for any (default: 7420, or any free one)", parsePort)
    .option("--data <folder>", "data directory")
    .addHelpText(
      "after",
      `
DATABASE_URL names a PostgreSQL to use instead of the embedded one; then any number of
servers and workers may run on it. SIGTERM and SIGINT end in order; a second one at once.`,
    )
    .action(async (flags: { role: "all" | "api" | "worker"; port?: number; data?: string }) => {
      const dataDirectory = cli.local.dataDirectory(flags.data);
      end(await cli.local.serve({ dataDirectory, port: flags.port, role: flags.role }));
    });
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError("expected a number from 0 to 65535");
}
