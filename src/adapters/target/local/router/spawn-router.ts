/** Begins a router as a process of its own. A router does so as well: its sibling shares its listening socket. */
import { fork } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { Server } from "node:net";
import { type Refusal, RefusalError } from "../../../../domain/refusal.ts";

/** More than it waits for a port that a router before it is leaving. */
export const startLimitMs = 15_000;
/** What a router does is little, for long: memory that is given back counts for more than the first seconds' speed. */
export const nodeFlags = [
  // A small heap, also after a rush. `--optimize-for-size` would save nothing more, and stops for 10 ms every now and then.
  "--max-semi-space-size=2",
  // Threads of its own for collecting and compiling wait for the processors that services use, and keep a request
  // waiting with them; they also leave 12 MiB of holes between what stays.
  "--single-threaded",
  "--disable-warning=ExperimentalWarning",
];

/** What a router process is told on its command line, and where. */
export interface RouterOrder {
  execPath: string;
  entry: string;
  folder: string;
  table: string;
  sockets: string;
  log: string;
  /** Where its compiled code is kept. */
  code: string;
  revision: string;
  environment: Record<string, string>;
}

export interface Ports {
  requested: number | undefined;
  before: number | undefined;
}

/** What a router says of itself. */
export interface RouterStatus {
  pid: number;
  port: number;
  revision: string;
  /** It takes no new connection, and ends after its last one. */
  leaving: boolean;
}

/** Its first message to the new process; the socket comes with it where there is one. */
export interface Begin {
  ports: Ports;
}
/** The new process's one answer. */
export type Began = { status: RouterStatus } | { refused: Refusal };

export async function spawnRouter(
  order: RouterOrder & { ports: Ports },
  listening?: Server,
): Promise<RouterStatus> {
  const log = openSync(order.log, "a", 0o600);
  const child = fork(order.entry, [order.folder, order.table, order.sockets, order.revision], {
    execPath: order.execPath,
    execArgv: nodeFlags,
    cwd: order.folder,
    detached: true,
    // One arena: glibc would keep memory for each thread apart.
    env: { ...order.environment, MALLOC_ARENA_MAX: "1", NODE_COMPILE_CACHE: order.code },
    stdio: ["ignore", log, log, "ipc"],
  });
  closeSync(log);
  try {
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("it did not begin in time")), startLimitMs);
      child.once("exit", (code, signal) =>
        reject(new Error(`it ended with ${signal ?? code}, see ${order.log}`)),
      );
      child.once("error", reject);
      child.once("message", (began: Began) => {
        clearTimeout(timer);
        if ("status" in began) resolve(began.status);
        else reject(new RefusalError(began.refused));
      });
      child.send({ ports: order.ports } satisfies Begin, listening, (error) => error && reject(error));
    });
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  } finally {
    child.removeAllListeners();
    child.on("error", () => {});
    if (child.connected) child.disconnect();
    child.unref();
  }
}
