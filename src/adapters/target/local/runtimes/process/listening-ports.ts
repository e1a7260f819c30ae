/** Ports: a free one to hand over, and which ones a service really listens on (Linux; elsewhere none are seen). */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer } from "node:net";
import { groupMembers } from "./process-identity.ts";

/** A port that nothing on the loopback listens on now, and that none of `taken` was promised. */
export async function freePort(taken: ReadonlySet<number> = new Set()): Promise<number> {
  for (;;) {
    const port = await bindAndRelease();
    if (!taken.has(port)) return port;
  }
}

/** TCP ports that the process group listens on, ascending. */
export function listeningPorts(group: number): number[] {
  const inodes = new Set(groupMembers(group).flatMap(socketInodes));
  const ports = [...listeners()].filter(([inode]) => inodes.has(inode)).map(([, port]) => port);
  return [...new Set(ports)].sort((a, b) => a - b);
}

export function isListenedOn(port: number): boolean {
  return [...listeners().values()].includes(port);
}

function bindAndRelease(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ port: 0, host: "127.0.0.1", exclusive: true }, () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** Listening sockets by inode, from the kernel's tables; state 0A is LISTEN. */
function listeners(): Map<string, number> {
  const found = new Map<string, number>();
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    for (const line of readLines(table).slice(1)) {
      const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
      if (state === "0A") found.set(inode, Number.parseInt(local.slice(local.lastIndexOf(":") + 1), 16));
    }
  }
  return found;
}

function socketInodes(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(linkTarget(`/proc/${pid}/fd/${fd}`))?.[1];
      return inode === undefined ? [] : [inode];
    });
  } catch {
    return [];
  }
}

function linkTarget(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, "utf8").trim().split("\n");
  } catch {
    return [];
  }
}
