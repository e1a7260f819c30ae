/** Says what went wrong, and turns it into an exit code. A refusal is an answer and has no stack. */
import { RefusalError } from "../domain/refusal.ts";
import { type Cli, exitCodes } from "./cli.ts";

export function reportError(cli: Cli, error: unknown): number {
  if (error instanceof RefusalError) {
    const { code, message, next } = error.refusal;
    cli.err(`${cli.colors.red(`error ${code}:`)} ${message}`);
    if (next !== undefined) cli.err(`${cli.colors.bold("next:")} ${next}`);
    return code === "Unavailable" ? exitCodes.unavailable : exitCodes.refused;
  }
  if (isInterruption(error)) return exitCodes.interrupted;
  const text =
    error instanceof Error ? (cli.env.CONNECTSOFT_DEBUG ? error.stack : error.message) : String(error);
  cli.err(`${cli.colors.red("error:")} ${text}`);
  if (cli.env.CONNECTSOFT_DEBUG === undefined)
    cli.err("next: Set CONNECTSOFT_DEBUG=1 and try again to see where.");
  return exitCodes.unexpected;
}

function isInterruption(error: unknown): boolean {
  return error instanceof Error && (error.name === "ExitPromptError" || error.name === "AbortError");
}
