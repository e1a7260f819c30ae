/**
 * How a command ended, told by its own output: whoever launched it may be dead by then, and only a parent learns
 * an exit code. The shell in between gets the command as arguments, and interprets none of it.
 */
import type { Command } from "../../../../domain/module/module-spec.ts";

const script = '"$@"; code=$?; printf "\\n%s %s\\n" "$0" "$code"; exit "$code"';

/** The command, wrapped so that its last line of output is the key and its exit code. */
export function recordingExit(key: string, command: Command): Command {
  return ["/bin/sh", "-c", script, `connectsoft-exit-${key}`, ...command];
}

/** Undefined where it has not ended by itself. */
export function exitIn(key: string, output: string): number | undefined {
  const found = new RegExp(`^connectsoft-exit-${key} (\\d+)$`, "m").exec(output);
  return found === null ? undefined : Number(found[1]);
}

export function withoutExit(key: string, output: string): string {
  return output.replace(new RegExp(`\\n?connectsoft-exit-${key} \\d+\\n?`), "");
}

export function isExitLine(key: string, line: string): boolean {
  return line.startsWith(`connectsoft-exit-${key} `);
}

/** A shell tells the end by a signal as 128 and its number; a service has no other way to say so. */
export function exitCodeOf(code: number): number | null {
  return code > 128 && code <= 128 + 64 ? null : code;
}
