/** A router in a temporary directory with services behind it; for tests only. */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { get } from "../local-target-fixture.ts";
import { freePort } from "../runtimes/process/listening-ports.ts";
import { openRouter, type RouterOptions } from "./open-router.ts";
import type { RouterBackend, RouterControl, RouterRoute } from "./router-control.ts";
import { routerPlace } from "./router-place.ts";
import { findRouters } from "./router-process.ts";

export interface RouterRig {
  directory: string;
  open(more?: Partial<RouterOptions>): Promise<RouterControl>;
  /** Process ids of the routers that live, in order. */
  pids(): Promise<number[]>;
  /** An HTTP service; one that is given a name answers with it. */
  service(answer: string | RequestListener): Promise<Server>;
  /** A free port that nobody listens on. */
  freePort(): Promise<number>;
  get(host: string, path: string): Promise<{ status: number; body: string }>;
  /** Bytes to the router, and all that comes back until the connection ends or `until` is seen. */
  raw(bytes: string, until?: string): Promise<string>;
  dispose(): Promise<void>;
}

export async function routerRig(): Promise<RouterRig> {
  const directory = await mkdtemp(join(tmpdir(), "router-"));
  const place = routerPlace(directory);
  const opened: RouterControl[] = [];
  const services: Server[] = [];
  return {
    directory,
    async open(more = {}) {
      const router = await openRouter({ directory, port: 0, ...more });
      opened.push(router);
      return router;
    },
    async pids() {
      const routers = await findRouters(place, 1_000);
      return routers.map(({ status }) => status.pid).sort();
    },
    async service(answer) {
      const listener: RequestListener =
        typeof answer === "string" ? (_request, response) => response.end(answer) : answer;
      const server = createServer(listener);
      services.push(server);
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    },
    freePort,
    async raw(bytes, until) {
      const socket = connect(opened.at(-1)?.port ?? 0, "127.0.0.1");
      socket.write(bytes, "latin1");
      let seen = "";
      for await (const chunk of socket.setEncoding("latin1")) {
        seen += chunk;
        if (until !== undefined && seen.includes(until)) break;
      }
      socket.destroy();
      return seen;
    },
    get: (host, path) => get(opened.at(-1)?.port ?? 0, host, path),
    async dispose() {
      for (const router of opened.slice(0, -1)) router.letGo();
      await opened.at(-1)?.stop();
      for (const service of services) {
        service.closeAllConnections();
        service.close();
      }
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A place whose module has this name and answers at `<name>.localhost`. */
export function routeOf(name: string, backends: RouterBackend[]): RouterRoute {
  return { place: `acme/${name}`, hosts: [`${name}.localhost`], paths: [], backends };
}

export function backendOf(service: { address(): unknown }, more: Partial<RouterBackend> = {}): RouterBackend {
  const { port } = service.address() as AddressInfo;
  const release = more.release ?? "acme/shop/release-000001";
  return {
    id: `${release}#${port}`,
    release,
    address: "127.0.0.1",
    port,
    protocol: "http",
    weight: 100,
    up: true,
    ...more,
  };
}
