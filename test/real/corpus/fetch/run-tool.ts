/** Runs a package manager as it is set up for its user, so that a mirror that is configured is asked. */
import { execFile } from "node:child_process";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { findProgram } from "../../../../src/adapters/runner/local/programs.ts";
import { NotToBeHad } from "./archive.ts";

const run = promisify(execFile);
const searched = `${dirname(process.execPath)}:${process.env.PATH ?? ""}`;

export interface ToolOptions {
  cwd: string;
  environment?: Record<string, string>;
}

/** What it printed. Gives NotToBeHad where it is missing or its registry does not answer, with its own words. */
export async function runTool(
  [program, ...args]: [string, ...string[]],
  options: ToolOptions,
): Promise<string> {
  const path = findProgram(program, searched);
  if (path === undefined) throw new NotToBeHad(`${program} is not on this host`);
  const env = { ...process.env, PATH: searched, ...options.environment };
  try {
    const { stdout } = await run(path, args, {
      cwd: options.cwd,
      env,
      maxBuffer: 64 * 1024 ** 2,
      timeout: 300_000,
    });
    return stdout;
  } catch (error) {
    throw new NotToBeHad(`${program} ${args[0] ?? ""} did not get it: ${lastLine(error)}`);
  }
}

function lastLine(error: unknown): string {
  const {
    stderr = "",
    stdout = "",
    message,
  } = error as { stderr?: string; stdout?: string; message: string };
  const lines = `${stdout}\n${stderr}`
    .split("\n")
    .filter((line) => /error|err!|could not|no match/i.test(line));
  return (lines[0] ?? message).trim().slice(0, 300);
}
