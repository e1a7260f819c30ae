import type { Command } from "commander";
import { type Cli, exitCodes } from "../cli.ts";
import { table } from "../table.ts";

export function addDoctor(program: Command, cli: Cli, end: (code: number) => void): void {
  program
    .command("doctor")
    .description("look at this machine: what is there, what is missing, what to do")
    .option("--data <folder>", "data directory")
    .option("--json", "as JSON")
    .action(async (flags: { data?: string; json?: boolean }) => {
      const dataDirectory = cli.local.dataDirectory(flags.data);
      const [checks, server] = await Promise.all([
        cli.local.inspectHost(dataDirectory),
        cli.local.findServer(dataDirectory),
      ]);
      const { green, red, dim } = cli.colors;
      if (flags.json === true)
        cli.out(JSON.stringify({ dataDirectory, checks, server: server?.url ?? null }, null, 2));
      else {
        const rows = checks.map(({ name, ok, found, expected }) => [
          ok ? green("ok") : red("no"),
          name,
          found,
          dim(`expected ${expected}`),
        ]);
        for (const line of table(rows)) cli.out(line);
        cli.out(
          server === undefined
            ? dim("no server runs")
            : `${green("ok")}  server at ${server.url}, pid ${server.pid}`,
        );
        for (const { name, next } of checks) if (next !== undefined) cli.out(`next: ${name}: ${next}`);
      }
      if (checks.some(({ ok }) => !ok)) end(exitCodes.unavailable);
    });
}
