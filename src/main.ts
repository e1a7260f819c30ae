/** Entry of both programs. Loads what a command needs, and nothing else. */
import { readFileSync } from "node:fs";
import path from "node:path";
import picocolors from "picocolors";
import type { Cli, Local } from "./cli/cli.ts";
import { withoutHidden } from "./cli/plain-text.ts";
import { runProgram } from "./cli/program.ts";
import { runnable } from "./cli/runnable.ts";
import { findDataDirectory, placesIn } from "./server/data-directory.ts";

const root = path.dirname(import.meta.dirname);
const builtInFlows = ["delivery", "environment", "upgrade"];

/** Resolves with the exit code; what went wrong has been said by then. */
export async function main(program: string, argv: string[]): Promise<number> {
  const { env, stdout } = process;
  const cwd = npmMovedUs(env) ? (env.INIT_CWD ?? process.cwd()) : process.cwd();
  // A reader that has seen enough (`| head`) is no failure.
  stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  // On a terminal nothing hides or turns around, in JSON either; a file gets what is there.
  const shown = (line: string) => (stdout.isTTY === true ? withoutHidden(line) : line);
  const cli: Cli = {
    env,
    cwd,
    out: (line) => void stdout.write(`${shown(runnable(line, env))}\n`),
    err: (line) => void process.stderr.write(`${shown(runnable(line, env))}\n`),
    colors: picocolors.createColors(picocolors.isColorSupported && stdout.isTTY === true),
    interactive: stdout.isTTY === true && process.stdin.isTTY === true,
    width: stdout.columns || 100,
    local: createLocal(env, cwd),
  };
  return runProgram(program === "studio" ? "studio" : "connectsoft", argv, cli);
}

/** `npm run` goes to the package's folder; a folder that the person names is meant from where they stand. */
function npmMovedUs(env: NodeJS.ProcessEnv): boolean {
  return env.npm_command === "run-script" && env.INIT_CWD !== undefined;
}

function createLocal(env: NodeJS.ProcessEnv, cwd: string): Local {
  return {
    version: readVersion(),
    exampleFolder: path.join(root, "examples/booking-service"),
    dataDirectory: (flag) => findDataDirectory({ flag, cwd, env }),
    async findServer(dataDirectory) {
      return (await import("./server/ensure-server.ts")).findServer(dataDirectory);
    },
    async ensureServer(dataDirectory) {
      return (await import("./server/ensure-server.ts")).ensureServer(dataDirectory, env);
    },
    async serve({ dataDirectory, port, role }) {
      const [{ runServer }, { compose }, { joinLines }] = await Promise.all([
        import("./server/run-server.ts"),
        import("./compose.ts"),
        import("./adapters/telemetry/join-lines.ts"),
      ]);
      const logTo = joinLines((lines) => void process.stdout.write(lines));
      process.on("exit", logTo.flush);
      const options = { dataDirectory, port, role, version: readVersion(), env, logTo };
      return runServer(options, compose, ({ url }) => {
        if (process.stdout.isTTY) process.stderr.write(`connectsoft serves on ${url}; Ctrl-C ends it\n`);
      });
    },
    async stop(dataDirectory, keepServices) {
      const [{ stopAll }, { stopEmbeddedPostgres }, { stopSupervisor }] = await Promise.all([
        import("./server/stop-server.ts"),
        import("./adapters/database/embedded/stop-embedded-postgres.ts"),
        import("./adapters/target/local/stop-supervisor.ts"),
      ]);
      return stopAll({
        dataDirectory,
        keepServices,
        stopDatabase: () => stopEmbeddedPostgres(dataDirectory),
        stopServices: async () => (await stopSupervisor(placesIn(dataDirectory).target)).stopped,
      });
    },
    async inspectHost(dataDirectory) {
      const { inspectHost } = await import("./adapters/host/inspect-host.ts");
      return inspectHost({ dataDirectory, ...(env.DATABASE_URL && { databaseUrl: env.DATABASE_URL }) });
    },
    async listSchemas() {
      return (await import("./operations/schemas.ts")).listSchemas();
    },
    async showSchema(name) {
      return (await import("./operations/schemas.ts")).showSchema(name);
    },
    async drawFlow(nameOrFile, options) {
      const { drawFlowFile } = await import("./cli/draw-flow-file.ts");
      const builtIn = builtInFlows.includes(nameOrFile);
      const file = builtIn ? path.join(root, "flows", `${nameOrFile}.yaml`) : path.resolve(cwd, nameOrFile);
      const shown = builtIn ? `flows/${nameOrFile}.yaml` : nameOrFile;
      const { manifests } = await import("./agents/manifests.ts");
      return drawFlowFile({ file, shown, manifests }, options);
    },
    flowNames: () => builtInFlows,
  };
}

function readVersion(): string {
  return JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")).version;
}
