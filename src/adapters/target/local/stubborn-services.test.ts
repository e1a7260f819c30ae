/** Services that behave badly, and acts that meet: what serves serves on, and what happened is named. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { hostOf, quickProbes } from "../../../ports/target.conformance.ts";
import type { ReleaseSpec } from "../../../ports/target.ts";
import { type LocalTargetFixture, localTargetFixture } from "./local-target-fixture.ts";
import { identify } from "./runtimes/process/process-identity.ts";
import { serveWith, specOf, watch } from "./supervisor-rig.ts";

const namespace = "acme-staging";
let fixture: LocalTargetFixture;
beforeAll(async () => {
  fixture = await localTargetFixture();
});
afterAll(() => fixture.dispose());

const start = async (more: Partial<ReleaseSpec>, server?: string) =>
  await fixture.target.start(await specOf(fixture, more, server), watch);

test("a service that goes into the background has failed, and nothing of it is left", async () => {
  const failed = await start({ moduleId: "daemon" }, daemon);
  expect(failed.state).toBe("failed");
  expect(failed.reason).toMatch(/^it ended with exit code 0 before it was ready[:;].* foreground$/);
  const child = Number(failed.logTail?.trim());
  expect(child).toBeGreaterThan(0);
  await expect.poll(() => identify(child)).toBeUndefined();
});

test("a service that ignores SIGTERM is ended when its grace is over", async () => {
  const spec = await specOf(
    fixture,
    { moduleId: "deaf", terminationGraceMs: 400, probes: quickProbes("/") },
    deaf,
  );
  const { pid = 0 } = await fixture.target.start(spec, watch);
  const begunMs = performance.now();
  await fixture.target.retire(spec);
  expect(performance.now() - begunMs).toBeGreaterThan(390);
  expect(identify(pid)).toBeUndefined();
});

test("a service that hangs after it was ready gets no requests, and is started again by its liveness probe", async () => {
  const probe = { ...quickProbes("/").readiness, timeoutSeconds: 1, failureThreshold: 2 };
  const probes = { ...quickProbes("/"), readiness: probe, liveness: { ...probe, failureThreshold: 5 } };
  const before = await serveWith(fixture, { moduleId: "hung", probes, terminationGraceMs: 200 }, hangs);
  const place = { namespace, moduleId: "hung" };
  const stuck = fixture
    .request(hostOf("hung"), "/hang")
    .catch((error: Error) => ({ status: 0, body: error.message }));
  await expect
    .poll(
      async () =>
        (await fixture.target.list(place))[0]?.healthStatus.find(({ probe: name }) => name === "readiness")
          ?.healthy,
    )
    .toBe(false);
  expect((await fixture.request(hostOf("hung"), "/")).status).toBe(503);
  await expect
    .poll(async () => (await fixture.target.list(place))[0])
    .toMatchObject({ state: "serving", restartCount: 1 });
  expect((await fixture.request(hostOf("hung"), "/")).status).toBe(200);
  expect((await fixture.target.list(place))[0]?.pid).not.toBe(before.pid);
  expect((await stuck).status).not.toBe(200);
});

test("two rollouts of one module at once follow each other: one of them has the traffic, whole", async () => {
  const place = { namespace, moduleId: "raced" };
  await serveWith(fixture, { moduleId: "raced", releaseId: "release-000001" });
  const rollout = async (releaseId: string) => {
    const spec = await specOf(fixture, {
      moduleId: "raced",
      releaseId,
      environment: { GREETING: releaseId },
    });
    await fixture.target.start(spec, watch);
    await fixture.target.route(place, [{ releaseId, weight: 100 }]);
  };
  await Promise.all([rollout("release-000002"), rollout("release-000003")]);
  const serving = (await fixture.target.list(place)).filter(({ traffic }) => traffic);
  expect(serving).toHaveLength(1);
  expect(serving[0]).toMatchObject({ state: "serving", weight: 100 });
  const bodies = await Promise.all(Array.from({ length: 10 }, () => fixture.request(hostOf("raced"), "/")));
  expect(new Set(bodies.map(({ body }) => body))).toEqual(new Set([serving[0]?.releaseId]));
});

test("a host, and a path on a shared host, belong to one module", async () => {
  const shared = { host: "shop.example.com", path: "/orders" };
  await serveWith(fixture, { moduleId: "orders", paths: [shared], environment: { GREETING: "orders" } });
  await serveWith(fixture, {
    moduleId: "carts",
    paths: [{ ...shared, path: "/carts" }],
    environment: { GREETING: "carts" },
  });
  expect((await fixture.request("shop.example.com", "/orders/7")).body).toBe("orders");
  expect((await fixture.request("shop.example.com", "/carts/7")).body).toBe("carts");
  await expect(serveWith(fixture, { moduleId: "copycat", paths: [shared] })).rejects.toThrow(
    /Conflict: shop.example.com\/orders belongs to another module/,
  );
  await expect(serveWith(fixture, { moduleId: "greedy", hosts: ["shop.example.com"] })).rejects.toThrow(
    /Conflict: host shop.example.com belongs to another module/,
  );
});

const daemon = `
const child = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" });
console.log(child.pid);
process.exit(0);
`;

const deaf = `
process.on("SIGTERM", () => {});
require("node:http").createServer((_, response) => response.end()).listen(process.env.PORT, "127.0.0.1");
`;

const hangs = `
require("node:http").createServer((request, response) => {
  if (request.url === "/hang") for (;;);
  response.end("well");
}).listen(process.env.PORT, "127.0.0.1");
`;
