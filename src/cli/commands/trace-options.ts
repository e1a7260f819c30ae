import type { Command } from "commander";

/** The options of every command that acts on one delivery of a trace. */
export function traceOptions(command: Command): Command {
  return command
    .option("--reason <text>", "why, for those who read the record")
    .option("--module <module>", "module of the trace")
    .option("--json", "as JSON")
    .option("--data <folder>", "data directory");
}
