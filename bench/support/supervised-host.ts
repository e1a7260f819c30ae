/** A supervisor, its router and its targets in a temporary folder, and what they cost, read from /proc. */
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { request } from "node:http";
import os from "node:os";
import path from "node:path";
import { createLocalTargets, type LocalTargets } from "../../src/adapters/target/local/local-targets.ts";
import { stopSupervisor, supervisorStatus } from "../../src/adapters/target/local/stop-supervisor.ts";

/** `USER_HZ`, which Linux keeps at 100 for every program that reads /proc. */
const ticksPerSecond = 100;

export interface SupervisedHost {
  targets: LocalTargets;
  /** Supervisor and routers. */
  pids(): Promise<number[]>;
  ask(host: string, path: string): Promise<number>;
  close(): Promise<void>;
}

/** Every release has the bytes of the folder, whatever its artifact is called. */
export async function superviseHost(release: string): Promise<SupervisedHost> {
  const root = await mkdtemp(path.join(os.tmpdir(), "connectsoft-bench-host-"));
  const directory = path.join(root, "target");
  const folder = path.join(root, "release");
  await mkdir(folder);
  await cp(release, folder, { recursive: true });
  const artifacts = {
    open: async () => folder,
    has: async () => true,
    digestNow: async (digest: string) => digest,
    secure: async () => {},
    restore: async () => {},
    collect: async () => [],
  };
  const targets = createLocalTargets({ directory, artifacts, routerPort: 0 });
  let port: number | undefined;
  return {
    targets,
    async pids() {
      const status = await supervisorStatus(directory);
      return [status?.pid ?? 0, ...(await processesNaming(path.join(directory, "router", "table.json")))];
    },
    async ask(host, at) {
      port ??= (await supervisorStatus(directory))?.routerPort;
      return await statusOf(port ?? 0, host, at);
    },
    async close() {
      await targets.close();
      await stopSupervisor(directory);
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Proportional: what processes share is counted once. */
export async function memoryMegabytes(pids: number[]): Promise<number> {
  const texts = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/smaps_rollup`, "utf8")));
  const kilobytes = texts.map((text) => Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? Number.NaN));
  return kilobytes.reduce((sum, one) => sum + one, 0) / 1024;
}

export async function cpuSeconds(pids: number[]): Promise<number> {
  const ticks = pids.map(async (pid) => {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(fields[11]) + Number(fields[12]);
  });
  return (await Promise.all(ticks)).reduce((sum, one) => sum + one, 0) / ticksPerSecond;
}

async function processesNaming(text: string): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
  );
  return pids.filter((_, index) => lines[index]?.includes(text)).map(Number);
}

/** 0 where nobody answered. */
function statusOf(port: number, host: string, at: string): Promise<number> {
  return new Promise((resolve) => {
    request({ host: "127.0.0.1", port, path: at, headers: { host }, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on("error", () => resolve(0))
      .end();
  });
}
