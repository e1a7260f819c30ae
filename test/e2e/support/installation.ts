/** An installation of its own in a temporary folder: server, database, repositories and services, all of them real. */
import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { DeliveryEvent } from "../../../src/domain/event/event.ts";
import type { DeliveryStatus } from "../../../src/operations/get-delivery.ts";
import type { StoredArtifact } from "../../../src/operations/read-memory.ts";
import { heldToContract } from "../../support/contract.ts";
import { allEnded, isAlive } from "./processes.ts";
import { environmentFor, type Ran, type RunOptions, runProgram } from "./run-program.ts";

const prefix = "connectsoft-e2e-";

export interface Delivered extends Ran {
  trace: string;
  events: DeliveryEvent[];
}

type Extra = Partial<Omit<RunOptions, "env">> & { env?: NodeJS.ProcessEnv };

export interface Installation {
  /** The data directory. */
  home: string;
  /** A folder beside it, for what is delivered and exported. */
  desk: string;
  connectsoft(args: string[], extra?: Extra): Promise<Ran>;
  studio(args: string[], extra?: Extra): Promise<Ran>;
  /** Runs a command that must go well; what it printed. */
  ok(args: string[], extra?: Extra): Promise<string>;
  /** Hands over and follows to where it ends or waits. */
  deliver(folder: string, flags?: string[], extra?: Extra): Promise<Delivered>;
  /** Follows a delivery that is there to where it ends or waits. */
  follow(trace: string, extra?: Extra): Promise<Delivered>;
  server(): { url: string; pid: number; token: string };
  status(trace: string): Promise<DeliveryStatus>;
  events(trace: string): Promise<DeliveryEvent[]>;
  /** Of one module of a trace. */
  eventsOf(trace: string, moduleId: string): Promise<DeliveryEvent[]>;
  /** Resolves with the status that fits; tells what it was otherwise. */
  until(trace: string, fits: (status: DeliveryStatus) => boolean): Promise<DeliveryStatus>;
  untilModule(
    trace: string,
    moduleId: string,
    fits: (status: DeliveryStatus) => boolean,
  ): Promise<DeliveryStatus>;
  /** The newest version of each artifact of a trace, by the end of its path. */
  artifact(trace: string, ending: string): Promise<string>;
  artifacts(trace: string): Promise<StoredArtifact[]>;
  /** Ends everything, sees that it has ended, and removes the folder. */
  close(): Promise<void>;
}

/** Nothing runs yet: the first command that needs a server starts it. */
export async function createInstallation(
  options: { tenant?: string; env?: NodeJS.ProcessEnv; within?: string } = {},
): Promise<Installation> {
  await sweepKilledRuns();
  const base = await mkdtemp(path.join(options.within ?? os.tmpdir(), `${prefix}${process.pid}-`));
  // As root the database runs under another account, which must be able to pass.
  await chmod(base, 0o755);
  const home = path.join(base, "home");
  const desk = path.join(base, "desk");
  await mkdir(desk);
  if (options.tenant !== undefined) {
    await mkdir(home);
    await writeFile(path.join(home, "tenant.yaml"), options.tenant);
  }
  const run = (name: "connectsoft" | "studio", args: string[], { env, ...extra }: Extra = {}) =>
    runProgram(name, args, { cwd: desk, ...extra, env: environmentFor(home, { ...options.env, ...env }) });

  async function followed(args: string[], extra: Extra = {}): Promise<Delivered> {
    const ran = await run("connectsoft", args, extra);
    const events = linesOf(ran.stdout).map((line) => JSON.parse(line) as DeliveryEvent);
    return { ...ran, events, trace: events[0]?.traceid ?? "" };
  }

  function server() {
    return JSON.parse(readFileSync(path.join(home, "server.json"), "utf8"));
  }

  async function get<T>(place: string): Promise<T> {
    const { url, token } = server();
    const response = await fetch(`${url}/api/v1${place}`, { headers: { authorization: `Bearer ${token}` } });
    await heldToContract({ method: "GET", url: response.url }, response);
    const text = await response.text();
    if (!response.ok) throw new Error(`${place}: ${response.status} ${text}`);
    return JSON.parse(text);
  }

  async function place(trace: string, moduleId?: string): Promise<string> {
    const all = await get<{ subject: { tenantId: string; moduleId: string } }[]>(
      `/deliveries?traceId=${trace}`,
    );
    const found = all.find(({ subject }) => moduleId === undefined || subject.moduleId === moduleId);
    if (found === undefined) throw new Error(`there is no ${trace}`);
    return `/deliveries/${found.subject.tenantId}/${trace}/${found.subject.moduleId}`;
  }

  const status = async (trace: string) => get<DeliveryStatus>(await place(trace));

  async function untilFits(
    look: () => Promise<DeliveryStatus>,
    fits: (status: DeliveryStatus) => boolean,
  ): Promise<DeliveryStatus> {
    const deadline = Date.now() + 180_000;
    for (;;) {
      const found = await look();
      if (fits(found)) return found;
      if (Date.now() > deadline) throw new Error(`it did not come about: ${JSON.stringify(found, null, 1)}`);
      await pause(50);
    }
  }

  const artifacts = (trace: string) => get<StoredArtifact[]>(`/memory?traceId=${trace}`);

  return {
    home,
    desk,
    connectsoft: (args, extra) => run("connectsoft", args, extra),
    studio: (args, extra) => run("studio", args, extra),
    async ok(args, extra) {
      const { code, stdout, stderr } = await run("connectsoft", args, extra);
      if (code !== 0) throw new Error(`connectsoft ${args.join(" ")} ended with ${code}: ${stderr}${stdout}`);
      return stdout.trimEnd();
    },
    deliver: (folder, flags = [], extra) => followed(["deliver", folder, "--json", ...flags], extra),
    follow: (trace, extra) => followed(["deliver", "--follow", trace, "--json"], extra),
    server,
    status,
    events: async (trace) => get<DeliveryEvent[]>(`${await place(trace)}/events`),
    eventsOf: async (trace, moduleId) => get<DeliveryEvent[]>(`${await place(trace, moduleId)}/events`),
    until: (trace, fits) => untilFits(() => status(trace), fits),
    untilModule: (trace, moduleId, fits) =>
      untilFits(async () => get<DeliveryStatus>(await place(trace, moduleId)), fits),
    artifacts,
    async artifact(trace, ending) {
      const found = (await artifacts(trace)).filter(({ path: where }) => where.endsWith(ending));
      if (found.length !== 1)
        throw new Error(
          `${found.length} artifacts of ${trace} end in ${ending}: ${found.map((one) => one.path)}`,
        );
      const query = new URLSearchParams({ path: found[0]?.path ?? "" });
      return (await get<{ content: string }>(`/memory/content?${query}`)).content;
    },
    async close() {
      const stopped = await run("connectsoft", ["stop"]);
      if (stopped.code !== 0)
        throw new Error(`connectsoft stop ended with ${stopped.code}: ${stopped.stderr}`);
      await allEnded(base);
      await rm(base, { recursive: true, force: true });
    },
  };
}

export function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

/** A run that was killed could not end its servers: the next one does. */
async function sweepKilledRuns(): Promise<void> {
  for (const name of await readdir(os.tmpdir())) {
    const [, pid] = new RegExp(`^${prefix}(\\d+)-`).exec(name) ?? [];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const base = path.join(os.tmpdir(), name);
    const home = path.join(base, "home");
    if (existsSync(home)) await runProgram("connectsoft", ["stop"], { env: environmentFor(home) });
    await rm(base, { recursive: true, force: true });
  }
}
