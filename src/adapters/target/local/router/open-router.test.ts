import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { Agent, type IncomingMessage, request } from "node:http";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { minimalEnvironment } from "../runtimes/process/service-command.ts";
import type { RouterControl } from "./router-control.ts";
import { trafficSince } from "./router-control.ts";
import { routerPlace } from "./router-place.ts";
import { findRouters } from "./router-process.ts";
import { backendOf, type RouterRig, routeOf, routerRig } from "./router-rig.ts";

let rig: RouterRig;
beforeEach(async () => {
  rig = await routerRig();
});
afterEach(() => rig.dispose());

test("a router serves on when its owner is killed, and the next owner goes on with it", async () => {
  const one = await rig.service("one");
  const table = JSON.stringify({ version: 1, routes: [routeOf("shop", [backendOf(one)])] });
  const source = `
    const { openRouter } = await import(${JSON.stringify(new URL("./open-router.ts", import.meta.url))});
    const router = await openRouter({ directory: ${JSON.stringify(rig.directory)}, port: 0 });
    await router.apply(${table});
    console.log(router.port);
    setInterval(() => {}, 1_000);`;
  const owner = spawn(process.execPath, ["--input-type=module", "-e", source], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = Number(String((await once(owner.stdout, "data"))[0]));
  const load = startLoad(port);
  await load.answered(50);
  const pids = await rig.pids();
  owner.kill("SIGKILL");
  await once(owner, "exit");
  await load.answered(50);
  const next = await rig.open();
  await load.answered(50);
  expect(await load.stop()).toEqual(["200 one"]);
  expect(next.port).toBe(port);
  expect(await rig.pids()).toEqual(pids);
});

test("routers that are all killed are brought back at once with the table that they had, on their port", async () => {
  const router = await serving("one");
  const before = await rig.pids();
  for (const pid of before) process.kill(pid, "SIGKILL");
  await expect.poll(() => answer(router.port).catch(() => ""), { interval: 10 }).toBe("200 one");
  await expect.poll(async () => (await rig.pids()).length).toBe(before.length);
  expect((await rig.pids()).filter((pid) => before.includes(pid))).toEqual([]);
});

test("a module that waits is known to a router that begins anew, and to one that takes over", async () => {
  const router = await rig.open();
  await router.apply({ version: 1, routes: [routeOf("shop", [])] });
  expect(await answer(router.port)).toMatch(/^503 /);
  const before = await rig.pids();
  for (const pid of before) process.kill(pid, "SIGKILL");
  await expect.poll(() => answer(router.port).catch(() => ""), { interval: 10 }).toMatch(/^503 /);
  router.letGo();
  const upgraded = await rig.open({ revision: "another" });
  expect(await answer(upgraded.port)).toMatch(/^503 /);
});

test("where one of two routers is killed, new connections are taken all the while", async () => {
  const router = await serving("one");
  const [first = 0, second] = await rig.pids();
  if (second === undefined) return;
  process.kill(first, "SIGKILL");
  for (let nth = 0; nth < 300; nth += 1) expect(await answer(router.port)).toBe("200 one");
  await expect.poll(async () => (await rig.pids()).length).toBe(2);
});

test("a router that its owner was never told of goes by the next table like the others", async () => {
  const router = await serving("one");
  const before = await rig.pids();
  // As where the one that made it is killed before it can tell.
  const place = routerPlace(rig.directory);
  const [known = expect.fail()] = await findRouters(place, 1_000);
  const order = { ...place.order(known.status.revision), environment: minimalEnvironment() };
  const { pid } = await known.spawnSibling(order);
  for (const one of before) process.kill(one, "SIGKILL");
  const two = await rig.service("two");
  await expect.poll(async () => (await rig.pids()).length).toBe(before.length);
  await router.apply({ version: 2, routes: [routeOf("shop", [backendOf(two)])] });
  for (let nth = 0; nth < 50; nth += 1) expect(await answer(router.port)).toBe("200 two");
  expect(await rig.pids()).toContain(pid);
});

test("a router whose sibling is killed while it begins ends, as nobody would ever tell it of a table", async () => {
  const place = routerPlace(rig.directory);
  const { entry, folder, table, sockets } = place.order("any");
  const listening = createServer().listen(0, "127.0.0.1");
  await once(listening, "listening");
  const child = fork(entry, [folder, table, sockets, "any"]);
  child.send({ ports: {} }, listening, () => child.disconnect());
  expect(await once(child, "exit")).toEqual([1, null]);
  listening.close();
});

test("what comes while a second router begins is answered, however long that takes to read its table", async () => {
  const router = await serving("one");
  if ((await rig.pids()).length < 2) return;
  const one = await rig.service("one");
  // Large enough to be read for a while.
  const others = Array.from({ length: 20_000 }, (_, nth) => routeOf(`other-${nth}`, [backendOf(one)]));
  await router.apply({ version: 2, routes: [routeOf("shop", [backendOf(one)]), ...others] });
  const before = await rig.pids();
  process.kill(before.at(-1) ?? 0, "SIGKILL");
  let running = true;
  const clients = Array.from({ length: 8 }, async () => {
    while (running) expect(await answer(router.port)).toBe("200 one");
  });
  await expect.poll(async () => (await rig.pids()).filter((pid) => !before.includes(pid)).length).toBe(1);
  running = false;
  await Promise.all(clients);
});

test("a router that hangs is replaced by the next table", async () => {
  const router = await serving("one");
  const before = await rig.pids();
  for (const pid of before) process.kill(pid, "SIGSTOP");
  const two = await rig.service("two");
  await router.apply({ version: 2, routes: [routeOf("shop", [backendOf(two)])] });
  await expect.poll(() => answer(router.port).catch(() => ""), { interval: 10 }).toBe("200 two");
  expect((await rig.pids()).filter((pid) => before.includes(pid))).toEqual([]);
});

test("an upgrade takes the port over without losing a request, and the old router ends with its last one", async () => {
  const slow = await rig.service((incoming, response) => {
    if (incoming.url === "/slow") return void response.write("begun");
    response.end("one");
  });
  const before = await rig.open({ revision: "before" });
  await before.apply({ version: 1, routes: [routeOf("shop", [backendOf(slow)])] });
  const load = startLoad(before.port);
  const open = request({ ...hostAt(before.port), path: "/slow", agent: false }).end();
  const [response] = (await once(open, "response")) as [IncomingMessage];
  await load.answered(50);
  const old = await rig.pids();
  before.letGo();
  const after = await rig.open({ revision: "after" });
  expect(after.port).toBe(before.port);
  await load.answered(200);
  expect(await load.stop()).toEqual(["200 one"]);
  expect(response.complete).toBe(false);
  open.destroy();
  await expect.poll(() => old.filter(isRunning)).toEqual([]);
});

test("draining waits for what is under way, and breaks off what is left at the limit", async () => {
  const held: (() => void)[] = [];
  const service = await rig.service((_incoming, response) => {
    response.write("begun");
    held.push(() => response.end("done"));
  });
  const router = await rig.open();
  const backend = backendOf(service);
  await router.apply({ version: 1, routes: [routeOf("shop", [backend])] });
  const first = answer(router.port);
  await expect.poll(() => held.length).toBe(1);
  await router.apply({ version: 2, routes: [routeOf("shop", [])] });
  let drained = false;
  const draining = router.drain([backend.id], 60_000).then(() => {
    drained = true;
  });
  expect(await answer(router.port)).toMatch(/^503 /);
  expect(drained).toBe(false);
  held[0]?.();
  await draining;
  expect(await first).toBe("200 begundone");

  await router.apply({ version: 3, routes: [routeOf("shop", [backend])] });
  const second = answer(router.port);
  second.catch(() => {});
  await expect.poll(() => held.length).toBe(2);
  await router.drain([backend.id], 50);
  await expect(second).rejects.toThrow(/aborted|hang up|RESET/i);
});

test("kept connections to a backend that left the table are closed", async () => {
  const service = await rig.service("one");
  const router = await rig.open();
  await router.apply({ version: 1, routes: [routeOf("shop", [backendOf(service)])] });
  for (let nth = 0; nth < 20; nth += 1) await answer(router.port);
  const connections = () => new Promise((resolve) => service.getConnections((_, count) => resolve(count)));
  expect(await connections()).toBeGreaterThan(0);
  await router.apply({ version: 2, routes: [] });
  await expect.poll(connections).toBe(0);
});

test("requests, errors and latencies are counted by release, also over the end of a router", async () => {
  let broken = false;
  const service = await rig.service((_incoming, response) => {
    response.writeHead(broken ? 500 : 200).end();
  });
  const router = await rig.open();
  const backend = backendOf(service);
  await router.apply({ version: 1, routes: [routeOf("shop", [backend])] });
  for (let nth = 0; nth < 30; nth += 1) await answer(router.port);
  const before = (await router.traffic())[backend.release];
  expect(before).toMatchObject({ requests: 30, errors: 0 });
  expect(before?.latency.reduce((sum, count) => sum + count)).toBe(30);
  const [first = 0] = await rig.pids();
  process.kill(first, "SIGKILL");
  broken = true;
  await expect.poll(async () => (await rig.pids()).includes(first)).toBe(false);
  for (let nth = 0; nth < 10; nth += 1) {
    await expect.poll(() => answer(router.port).catch(() => "")).toMatch(/^500/);
  }
  const after = (await router.traffic())[backend.release];
  if (after === undefined) throw new Error("nothing counted");
  const since = trafficSince(before, after);
  expect(since).toMatchObject({ requests: 10, errors: 10 });
  expect(since.p99Ms).toBeGreaterThan(0);
});

test("the table is on disk before a router goes by it, and readable by its owner only", async () => {
  await serving("one");
  const path = join(rig.directory, "router", "table.json");
  expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ table: { version: 1 } });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test("the control socket is its owner's alone", async () => {
  await rig.open();
  const folder = join(rig.directory, "router");
  const sockets = (await readdir(folder)).filter((name) => name.endsWith(".sock"));
  expect(sockets.length).toBeGreaterThan(0);
  for (const name of sockets) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
});

test("a port that another program has is refused by its number", async () => {
  const other = await rig.service("other");
  const { port } = backendOf(other);
  await expect(rig.open({ port })).rejects.toThrow(new RegExp(`port ${port} of the router is taken`));
});

test("a stopped router leaves its port free and nothing running", async () => {
  const router = await rig.open();
  await router.apply({ version: 1, routes: [] });
  const pids = await rig.pids();
  await router.stop();
  await expect.poll(() => pids.filter(isRunning)).toEqual([]);
  const socket = connect(router.port, "127.0.0.1");
  await expect(once(socket, "connect")).rejects.toThrow(/ECONN/);
});

async function serving(name: string): Promise<RouterControl> {
  const service = await rig.service(name);
  const router = await rig.open();
  await router.apply({ version: 1, routes: [routeOf("shop", [backendOf(service)])] });
  return router;
}

function hostAt(port: number) {
  return { host: "127.0.0.1", port, headers: { host: "shop.localhost" } };
}

async function answer(port: number, agent?: Agent): Promise<string> {
  const outgoing = request({ ...hostAt(port), agent: agent ?? false }).end();
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  let body = "";
  for await (const chunk of response.setEncoding("utf8")) body += chunk;
  return `${response.statusCode} ${body}`;
}

/** Eight clients that keep their connections and ask one request after the other, until they are stopped. */
function startLoad(port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const seen = new Map<string, number>();
  let running = true;
  const count = () => [...seen.values()].reduce((sum, one) => sum + one, 0);
  const client = async () => {
    while (running) {
      const said = await answer(port, agent).catch(String);
      seen.set(said, (seen.get(said) ?? 0) + 1);
    }
  };
  const clients = Promise.all(Array.from({ length: 8 }, client));
  return {
    async answered(more: number) {
      const from = count();
      await expect.poll(count, { interval: 10 }).toBeGreaterThan(from + more);
    },
    async stop() {
      running = false;
      await clients;
      agent.destroy();
      return [...seen.keys()];
    },
  };
}

function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}/stat`) && !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}
