/** Runs the programs as a person does: as processes, with their exit code and what they print. */
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";

export const root = path.resolve(import.meta.dirname, "../../..");

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  env: NodeJS.ProcessEnv;
  cwd?: string;
  /** What it reads from standard input. */
  input?: string;
  /** Told of the process as soon as there is one. */
  onStart?: (child: ChildProcess) => void;
  /** Told of each line of standard output as it comes. */
  onLine?: (line: string) => void;
  /** Instead of this account, with a Node that it can reach; only root can. */
  as?: { uid: number; gid: number; node: string };
}

/** Resolves when it has ended and closed its output; a signal counts as 128 and its number, as in a shell. */
export function runProgram(
  name: "connectsoft" | "studio",
  args: string[],
  options: RunOptions,
): Promise<Ran> {
  const { as } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(as?.node ?? process.execPath, [path.join(root, "bin", `${name}.mjs`), ...args], {
      cwd: options.cwd ?? root,
      env: options.env,
      stdio: ["pipe", "pipe", "pipe"],
      ...(as !== undefined && { uid: as.uid, gid: as.gid }),
    });
    let stdout = "";
    let stderr = "";
    let told = 0;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      for (let end = stdout.indexOf("\n", told); end >= 0; end = stdout.indexOf("\n", told)) {
        options.onLine?.(stdout.slice(told, end));
        told = end + 1;
      }
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code, signal) =>
      resolve({ code: code ?? (signal === "SIGINT" ? 130 : 128), stdout, stderr }),
    );
    // A program that ends without reading closes the pipe first.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
    options.onStart?.(child);
  });
}

/** The environment of a person who has set nothing of ours but the data directory and free ports. */
export function environmentFor(home: string, extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const ours = /^(CONNECTSOFT_|OTEL_|npm_|VITEST|NODE_ENV$|NODE_OPTIONS$|DATABASE_URL$|INIT_CWD$|TEST$)/;
  const rest = Object.entries(process.env).filter(([name]) => !ours.test(name));
  return {
    ...Object.fromEntries(rest),
    CONNECTSOFT_HOME: home,
    CONNECTSOFT_PORT: "0",
    CONNECTSOFT_ROUTER_PORT: "0",
    // Compiling all of Go beside the tests proves nothing that test/real/runner does not.
    CONNECTSOFT_GO_SEED: "none",
    ...extra,
  };
}
