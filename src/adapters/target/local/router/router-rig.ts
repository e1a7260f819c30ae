/** A router in a temporary directory with services behind it; for tests only. */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { get } from "../local-target-fixture.ts";
import { openRouter } from "./open-router.ts";
import type { RouterBackend, RouterControl, RouterRoute } from "./router-control.ts";
import { routerPlace } from "./router-place.ts";
import { findRouters } from "./router-process.ts";

export interface RouterRig {
  directory: string;
  open(): Promise<RouterControl>;
  /** Process ids of the routers that live, in order. */
  pids(): Promise<number[]>;
  /** An HTTP service; one that is given a name answers with it. */
  service(answer: string | RequestListener): Promise<Server>;
  get(host: string, path: string): Promise<{ status: number; body: string }>;
  dispose(): Promise<void>;
}

export async function routerRig(): Promise<RouterRig> {
  const directory = await mkdtemp(join(tmpdir(), "router-"));
  const place = routerPlace(directory);
  const opened: RouterControl[] = [];
  const services: Server[] = [];
  return {
    directory,
    async open() {
      const router = await openRouter({ directory, port: 0 });
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
