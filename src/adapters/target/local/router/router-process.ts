/** One router, by its control socket. */
import { readdir, readFile, rm } from "node:fs/promises";
import type { ClientRequest, IncomingMessage } from "node:http";
import { join } from "node:path";
import { request } from "../node-http.ts";
import type { ReleaseTraffic, RouterTable } from "./router-control.ts";
import type { RouterPlace } from "./router-place.ts";
import { type RouterOrder, type RouterStatus, startLimitMs } from "./spawn-router.ts";

/** Every router that answers; sockets that dead ones left are removed, and those that hang are ended. */
export async function findRouters(place: RouterPlace, limitMs: number): Promise<RouterProcess[]> {
  const names = (await readdir(place.sockets)).filter((name) => name.endsWith(".sock"));
  const found = await Promise.all(
    names.map(async (name) => {
      const socket = join(place.sockets, name);
      const status = await call(socket, "/status", {}, limitMs).catch(() => undefined);
      if (status !== undefined) return [new RouterProcess(place, status as RouterStatus)];
      await endHung(Number.parseInt(name, 10), place.sockets);
      await rm(socket, { force: true });
      return [];
    }),
  );
  return found.flat();
}

/** Where the process of this number is still the router that had it, as far as the host says. */
async function endHung(pid: number, sockets: string): Promise<void> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  if (commandLine.split("\0").includes(sockets)) process.kill(pid, "SIGKILL");
}

export class RouterProcess {
  readonly status: RouterStatus;
  private readonly socket: string;
  private held: ClientRequest | undefined;

  constructor(place: RouterPlace, status: RouterStatus) {
    this.socket = join(place.sockets, `${status.pid}.sock`);
    this.status = status;
  }

  async apply(table: RouterTable, limitMs: number): Promise<void> {
    await call(this.socket, "/apply", table, limitMs);
  }

  async drain(backendIds: string[], drainMs: number, limitMs: number): Promise<void> {
    await call(this.socket, "/drain", { backendIds, limitMs: drainMs }, limitMs);
  }

  async traffic(limitMs: number): Promise<Record<string, ReleaseTraffic>> {
    return (await call(this.socket, "/traffic", {}, limitMs)) as Record<string, ReleaseTraffic>;
  }

  /** Another process that shares its listening socket. */
  async spawnSibling(order: RouterOrder): Promise<RouterStatus> {
    return (await call(this.socket, "/sibling", order, startLimitMs * 2)) as RouterStatus;
  }

  async leave(limitMs: number): Promise<void> {
    await call(this.socket, "/leave", {}, limitMs);
  }

  /** Resolves when it has ended. */
  async stop(limitMs: number): Promise<void> {
    const ended = new Promise<void>((resolve) => this.watch(resolve, true));
    await call(this.socket, "/stop", {}, limitMs);
    await ended;
  }

  /** Calls `gone` once, when it ends however it ends. */
  watch(gone: () => void, keepsUsRunning = false): void {
    this.letGo();
    const held = request({ socketPath: this.socket, path: "/hold", method: "POST", agent: false });
    this.held = held;
    let told = false;
    const tell = () => {
      if (told || this.held !== held) return;
      told = true;
      gone();
    };
    if (!keepsUsRunning) held.on("socket", (socket) => socket.unref());
    held.on("error", tell);
    held.on("close", tell);
    held.on("response", (response) => response.resume().on("error", tell));
    held.end();
  }

  letGo(): void {
    const held = this.held;
    this.held = undefined;
    held?.destroy();
  }

  kill(): void {
    if (this.held === undefined) return;
    try {
      process.kill(this.status.pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

async function call(socketPath: string, path: string, body: unknown, limitMs: number): Promise<unknown> {
  const signal = AbortSignal.timeout(limitMs);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ socketPath, path, method: "POST", agent: false, signal }, resolve)
      .on("error", reject)
      .end(JSON.stringify(body));
  });
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += chunk;
  if (response.statusCode !== 200) throw new Error(`router: ${path}: ${text}`);
  return JSON.parse(text) as unknown;
}
