import path from "node:path";
import type { Command } from "commander";
import { type Refusal, RefusalError } from "../../domain/refusal.ts";
import type { PipelineRun } from "../../operations/run-pipeline.ts";
import { type Cli, exitCodes } from "../cli.ts";
import { connect } from "../connect.ts";
import { describeRun } from "../describe-run.ts";

interface Flags {
  stage?: string;
  module?: string;
  json?: boolean;
  data?: string;
}

export function addRun(program: Command, cli: Cli, end: (code: number) => void): void {
  program
    .command("run")
    .description("run a module's pipeline here, without handing it over")
    .command("test [folder]")
    .description("install, build and test a folder as a delivery would, and show it live")
    .option("--stage <stage>", "build or test", "test")
    .option("--module <module>", "name of the module (default: its own)")
    .option("--json", "the report as JSON, without the live log")
    .option("--data <folder>", "data directory")
    .addHelpText(
      "after",
      `
Exit codes: 0 passed; 4 built or tested, and failed; 2 refused; 5 a tool or the server is missing;
130 interrupted, which ends the run.

Examples:
  connectsoft run test ./booking-service
  connectsoft run test --stage build --json`,
    )
    .action(async (folder: string | undefined, flags: Flags) => {
      const client = await connect(cli, flags, { asWritten: true });
      const interrupted = new AbortController();
      const onInterrupt = () => interrupted.abort();
      process.once("SIGINT", onInterrupt);
      const body = { path: path.resolve(cli.cwd, folder ?? "."), stage: flags.stage, moduleId: flags.module };
      try {
        for await (const { event, data } of client.streamOf("/runs", body, interrupted.signal)) {
          if (event === "line" && flags.json !== true)
            cli.out(cli.colors.dim((data as { line: string }).line));
          if (event === "problem") throw new RefusalError(refusalIn(data));
          if (event === "run") end(show(cli, data as PipelineRun, flags.json === true));
        }
      } finally {
        process.removeListener("SIGINT", onInterrupt);
      }
    });
}

function show(cli: Cli, run: PipelineRun, json: boolean): number {
  if (json) cli.out(JSON.stringify(run, null, 2));
  else for (const line of describeRun(cli, run)) cli.out(line);
  return run.report.status === "Success" ? exitCodes.done : exitCodes.failed;
}

function refusalIn(data: unknown): Refusal {
  const { code, detail, next } = data as { code: Refusal["code"]; detail: string; next?: string };
  return { code, message: detail, ...(next !== undefined && { next }) };
}
