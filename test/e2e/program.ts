/** Runs the program as a person does: the real command line on a data directory of its own. */
import { execFile, spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

export const root = path.join(import.meta.dirname, "../..");

export interface Run {
  code: number;
  out: string;
  err: string;
}

export interface Program {
  home: string;
  connectsoft(...args: string[]): Promise<Run>;
  studio(...args: string[]): Promise<Run>;
  /** Starts a command and resolves `seen` when its output fits; `ended` with how it ended. */
  start(
    args: string[],
    fits: (output: string) => boolean,
  ): { seen: Promise<void>; ended: Promise<Run>; pid: number };
  /** What server.json says; undefined where no server has written one. */
  server(): Promise<{ url: string; pid: number; token: string } | undefined>;
  /** Ends everything and removes the data directory. */
  remove(): Promise<void>;
}

export async function createProgram(env: NodeJS.ProcessEnv = {}): Promise<Program> {
  const home = await mkdtemp(path.join(os.tmpdir(), "connectsoft-e2e-"));
  // As root the database runs under another account, which must be able to pass.
  await chmod(home, 0o711);
  const own: NodeJS.ProcessEnv = {
    ...process.env,
    CONNECTSOFT_HOME: home,
    CONNECTSOFT_PORT: "0",
    CONNECTSOFT_ROUTER_PORT: "0",
    NO_COLOR: "1",
    DATABASE_URL: "",
    ...env,
  };
  const file = (name: string) => path.join(root, "bin", `${name}.mjs`);

  function run(name: string, args: string[]): Promise<Run> {
    return new Promise((resolve) => {
      execFile(process.execPath, [file(name), ...args], { env: own, cwd: root }, (error, out, err) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
        resolve({ code, out, err });
      });
    });
  }

  const program: Program = {
    home,
    connectsoft: (...args) => run("connectsoft", args),
    studio: (...args) => run("studio", args),
    start(args, fits) {
      const child = spawn(process.execPath, [file("connectsoft"), ...args], { env: own, cwd: root });
      let out = "";
      let err = "";
      const ended = new Promise<Run>((resolve) => {
        child.on("close", (code) => resolve({ code: code ?? -1, out, err }));
      });
      const seen = new Promise<void>((resolve, reject) => {
        child.stdout.on("data", (chunk: Buffer) => {
          out += chunk.toString();
          if (fits(out)) resolve();
        });
        child.stderr.on("data", (chunk: Buffer) => {
          err += chunk.toString();
        });
        void ended.then(({ code }) => reject(new Error(`ended with ${code}: ${out}${err}`)));
      });
      seen.catch(() => undefined);
      return { seen, ended, pid: child.pid ?? 0 };
    },
    async server() {
      const text = await readFile(path.join(home, "server.json"), "utf8").catch(() => undefined);
      return text === undefined ? undefined : JSON.parse(text);
    },
    async remove() {
      await run("connectsoft", ["stop"]);
      await rm(home, { recursive: true, force: true });
    },
  };
  return program;
}
