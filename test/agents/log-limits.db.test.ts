/** How much of a service's output is kept, from tenant.yaml to the files of a real service. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { layoutOf } from "../../src/adapters/target/local/layout.ts";
import { outputFiles } from "../../src/adapters/target/local/runtimes/log-files.ts";
import { killSupervisor } from "../../src/adapters/target/local/supervisor-rig.ts";
import { createLogLimitsFollower } from "../../src/operations/live/follow-log-limits.ts";
import { createRuntimeRig, greeter, names, type RuntimeRig } from "./runtime-rig.ts";

let rig: RuntimeRig;
beforeEach(async () => {
  rig = await createRuntimeRig();
});
afterEach(() => rig.dispose());

const at = { namespace: "acme-production", moduleId: "shop" };
const mebibyte = 1024 * 1024;

const folder = () =>
  join(layoutOf(rig.fixture.directory).release(at.namespace, at.moduleId, "release-000001"), "instance-0");
const files = () => outputFiles(folder());

async function restarts(): Promise<number | undefined> {
  return (await rig.fixture.target.list(at))[0]?.restartCount;
}

/** The service ends, and is started again by its supervisor alone. */
async function crash(): Promise<void> {
  const before = (await restarts()) ?? 0;
  await rig.ask("/crash").catch(() => undefined);
  await expect.poll(restarts).toBe(before + 1);
  await expect.poll(async () => (await rig.fixture.target.list(at))[0]?.state).toBe("serving");
}

test("a change of tenant.yaml is followed by what runs when it starts next, whoever supervises it then", async () => {
  await rig.deployed("trace-1", "1.0.0", "one");
  rig.setLogs({ launches: 1 });
  const { fixture, ledger, tenants } = rig;
  const follower = createLogLimitsFollower({ targets: fixture.targets, ledger, tenants: tenants as never });
  await follower.look();
  expect(files()).toEqual(["output.000001.log"]);
  await killSupervisor(fixture);
  await crash();
  expect(files()).toEqual(["output.000002.log"]);

  rig.setLogs(undefined);
  await follower.look();
  await crash();
  expect(files()).toEqual(["output.000002.log", "output.000003.log"]);
});

test("a rollout tells the host before it starts anything", async () => {
  rig.setLogs({ keep: "256Ki" });
  const loud = `${greeter("loud")}\nfor (let line = 0; line < 40_000; line += 1) console.log("x".repeat(100));`;
  const delivery = rig.delivery("trace-1", "1.0.0", await rig.fixture.artifact({ "server.js": loud }));
  await delivery.approve();
  expect(names((await delivery.deploy()).outcome)).toEqual(["DeploymentCompleted"]);
  const [file = ""] = files();
  const written = () => statSync(join(folder(), file));
  await expect.poll(() => written().size).toBeGreaterThan(40_000 * 100);
  await expect.poll(() => written().blocks * 512).toBeLessThan(mebibyte / 2);
});
