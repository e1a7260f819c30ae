import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { listenPrivately } from "../listen-privately.ts";
import { createServer } from "../node-http.ts";
import { createFront } from "./front.ts";
import { listenOnRouterPort } from "./listen-on-router-port.ts";
import type { RouterTable } from "./router-control.ts";
import { Routing } from "./routing.ts";
import type { SharedListener } from "./share-listener.ts";
import { type Ports, type RouterOrder, type RouterStatus, spawnRouter } from "./spawn-router.ts";
import { TrafficCounts } from "./traffic-counts.ts";

type Calls = Record<string, (body: never) => unknown>;

export async function createRouterApi(at: { table: string; socket: string; revision: string }) {
  const routing = new Routing();
  const kept = await readFile(at.table, "utf8").catch(() => undefined);
  if (kept !== undefined) routing.apply((JSON.parse(kept) as { table: RouterTable }).table);
  const counts = new TrafficCounts();
  const front = createFront({ routing, counts });
  let leaving = false;

  const status = (): RouterStatus => ({
    pid: process.pid,
    port: (front.server.address() as AddressInfo | null)?.port ?? 0,
    revision: at.revision,
    leaving,
  });
  const calls: Calls = {
    "/status": status,
    "/apply": (table: RouterTable) => routing.apply(table),
    "/drain": ({ backendIds, limitMs }: { backendIds: string[]; limitMs: number }) =>
      routing.drain(backendIds, limitMs),
    "/traffic": () => counts.all(),
    "/sibling": (order: RouterOrder) =>
      spawnRouter({ ...order, ports: { requested: undefined, before: undefined } }, front.server),
    "/leave": () => {
      leaving = true;
      void front.leave().then(() => process.exit(0));
    },
    "/stop": () => {
      front.close();
      setImmediate(() => process.exit(0));
    },
  };
  return {
    async listen(ports: Ports, shared: SharedListener | undefined): Promise<RouterStatus> {
      if (shared === undefined) await listenOnRouterPort(front.server, ports.requested, ports.before);
      else await shared.giveTo(front.server);
      await listenPrivately(
        createServer({ requestTimeout: 0 }, (request, response) => void answer(calls, request, response)),
        at.socket,
      );
      return status();
    },
  };
}

async function answer(calls: Calls, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // Held open for as long as we live: how an owner notices our end.
  if (request.url === "/hold") return void response.writeHead(200).flushHeaders();
  const call = calls[request.url ?? ""];
  if (call === undefined) return void response.writeHead(404).end();
  try {
    let text = "";
    for await (const chunk of request.setEncoding("utf8")) text += chunk;
    const result = await call(JSON.parse(text) as never);
    response.end(JSON.stringify(result ?? null));
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
}
