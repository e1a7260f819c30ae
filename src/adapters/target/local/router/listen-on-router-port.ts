/** The router's port stays the same for as long as the data directory lives: people and bookmarks know it. */
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { refuse } from "../../../../domain/refusal.ts";

/** Below the range that systems take ports for outgoing connections from. */
const firstPort = 7300;
const lastPort = 7399;
const patienceMs = 5_000;

/** Listens on what was asked for, else on the port of before, else on the first free one of our range; returns it. */
export async function listenOnRouterPort(
  server: Server,
  requested: number | undefined,
  before: number | undefined,
): Promise<number> {
  const fixed = requested === undefined || requested === 0 ? before || undefined : requested;
  if (fixed !== undefined) return await insist(server, fixed);
  if (requested === 0) return (await tryPort(server, 0)) ?? 0;
  for (let port = firstPort; port <= lastPort; port += 1) {
    const found = await tryPort(server, port);
    if (found !== undefined) return found;
  }
  throw refuse(
    "Unavailable",
    `no port from ${firstPort} to ${lastPort} is free for the router`,
    "name one: routerPort",
  );
}

/** A supervisor that is ending may hold the port for a moment more. */
async function insist(server: Server, port: number): Promise<number> {
  const deadlineMs = performance.now() + patienceMs;
  for (;;) {
    const found = await tryPort(server, port);
    if (found !== undefined) return found;
    if (performance.now() > deadlineMs) break;
    await sleep(100);
  }
  throw refuse(
    "Unavailable",
    `port ${port} of the router is taken by another program`,
    "end that program, then try again",
  );
}

async function tryPort(server: Server, port: number): Promise<number | undefined> {
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return undefined;
    throw error;
  }
}
