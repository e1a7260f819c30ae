import { existsSync, readFileSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { backendOf, type RouterRig, routeOf, routerRig } from "./router-rig.ts";

let rig: RouterRig;
afterEach(() => rig.dispose());

test("a router serves on without the supervisor that began it, and the next one goes on with it", async () => {
  rig = await routerRig();
  const one = await rig.service("one");
  const first = await rig.open();
  await first.apply({ version: 1, routes: [routeOf("shop", [backendOf(one)])] });
  const pids = await rig.pids();
  first.letGo();
  expect(await rig.get("shop.localhost", "/")).toEqual({ status: 200, body: "one" });
  const second = await rig.open();
  expect(second.port).toBe(first.port);
  expect(await rig.pids()).toEqual(pids);
  expect(await rig.get("shop.localhost", "/")).toEqual({ status: 200, body: "one" });
});

test("a router that is killed is brought back with the table that it had, on its port", async () => {
  rig = await routerRig();
  const one = await rig.service("one");
  const router = await rig.open();
  await router.apply({ version: 1, routes: [routeOf("shop", [backendOf(one)])] });
  const before = await rig.pids();
  for (const pid of before) process.kill(pid, "SIGKILL");
  const answer = () => rig.get("shop.localhost", "/").catch(() => undefined);
  await expect.poll(answer, { interval: 10 }).toEqual({ status: 200, body: "one" });
  expect(await rig.pids()).not.toEqual(before);
});

test("the control socket is its owner's alone", async () => {
  rig = await routerRig();
  await rig.open();
  const folder = join(rig.directory, "router");
  const sockets = (await readdir(folder)).filter((name) => name.endsWith(".sock"));
  expect(sockets.length).toBeGreaterThan(0);
  for (const name of sockets) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
});

test("a stopped router leaves its port free and nothing running", async () => {
  rig = await routerRig();
  const router = await rig.open();
  const pids = await rig.pids();
  await router.stop();
  await expect.poll(() => pids.filter(isRunning)).toEqual([]);
  await expect(rig.get("shop.localhost", "/")).rejects.toThrow(/^connect ECONN/);
});

function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}/stat`) && !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}
