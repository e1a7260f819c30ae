import { afterAll, beforeAll, expect, test } from "vitest";
import { quickProbes, releaseSpec } from "../../../ports/target.conformance.ts";
import { type LocalTargetFixture, localTargetFixture } from "./local-target-fixture.ts";

let fixture: LocalTargetFixture;
beforeAll(async () => {
  fixture = await localTargetFixture();
});
afterAll(() => fixture.dispose());

/** Healthy for its first second, and deaf to SIGTERM. */
const hanging = `const begun = Date.now();
process.on("SIGTERM", () => {});
require("node:http").createServer((request, response) => response.writeHead(Date.now() - begun < 1000 ? 200 : 500).end())
  .listen(process.env.PORT, "127.0.0.1");`;

test("a liveness probe's own grace period is shorter than the release's", async () => {
  const artifact = await fixture.artifact({ "server.js": hanging });
  const probes = quickProbes("/");
  const liveness = { ...probes.liveness, terminationGracePeriodSeconds: 1 };
  const spec = releaseSpec({ artifact, probes: { ...probes, liveness }, terminationGraceMs: 120_000 });
  await fixture.target.start(spec, { signal: new AbortController().signal, progress() {} });
  await fixture.target.route(spec, [{ releaseId: spec.releaseId, weight: 100 }]);
  const running = async () => (await fixture.target.list(spec))[0];
  await expect.poll(async () => (await running())?.restartCount).toBeGreaterThan(0);
  // What was started again is as deaf, and whoever tidies up would wait out the release's own grace.
  const { pid } = (await running()) ?? {};
  if (pid !== undefined) process.kill(pid, "SIGKILL");
});
