/** Calls a program of the host once, and reads what it says. */
import { spawn } from "node:child_process";

export interface ProgramCall {
  /** Written to its standard input. */
  input?: Buffer | NodeJS.ReadableStream;
  /** Variables beside our own, for programs that are told a name and find its value there. */
  environment?: Record<string, string>;
  /** File descriptor for what it writes, in place of reading it. */
  output?: number;
  /** Folder that it works in, for programs that leave something there. */
  folder?: string;
  timeoutMs?: number;
}

export class ProgramFailure extends Error {
  readonly missing: boolean;
  constructor(message: string, missing = false) {
    super(message);
    this.missing = missing;
  }
}

const usualTimeoutMs = 60_000;

/** What it printed. Fails with its own last line where it does not end with 0. */
export function callProgram(name: string, args: readonly string[], call: ProgramCall = {}): Promise<string> {
  const { input, output, environment, folder, timeoutMs = usualTimeoutMs } = call;
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = spawn(name, args, {
    env: { ...process.env, ...environment },
    cwd: folder,
    stdio: [input === undefined ? "ignore" : "pipe", output ?? "pipe", output ?? "pipe"],
    timeout: timeoutMs,
    killSignal: "SIGKILL",
  });
  const told = { out: "", err: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (told.out += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (told.err += text));
  child.once("error", (error: NodeJS.ErrnoException) =>
    reject(new ProgramFailure(`${name} cannot be called: ${error.message}`, error.code === "ENOENT")),
  );
  child.once("close", (code, signal) => {
    if (code === 0) resolve(told.out);
    else if (signal === "SIGKILL")
      reject(new ProgramFailure(`${name} ${args[0]} did not end within ${timeoutMs / 1000} s`));
    else reject(new ProgramFailure(lastLine(told.err) || `${name} ended with exit code ${code}`));
  });
  feed(child.stdin, input);
  return promise;
}

export function inOneLine(error: unknown): string {
  return lastLine(error instanceof Error ? error.message : String(error));
}

function feed(stdin: NodeJS.WritableStream | null, input: ProgramCall["input"]): void {
  // It may have ended before it read everything; its exit code says so.
  stdin?.on("error", () => {});
  if (stdin === null || input === undefined) return;
  if (Buffer.isBuffer(input)) stdin.end(input);
  else input.pipe(stdin);
}

function lastLine(text: string): string {
  return (text.trim().split("\n").at(-1) ?? "").replace(/^Error( response from daemon)?: /, "");
}
