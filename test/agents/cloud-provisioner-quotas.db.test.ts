/** Quotas of a namespace as the kernel holds them, through the supervisor of this host and across its death. */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createArtifactStore } from "../../src/adapters/runner/local/create-artifact-store.ts";
import { layoutOf } from "../../src/adapters/target/local/layout.ts";
import { createLocalTargets, type LocalTargets } from "../../src/adapters/target/local/local-targets.ts";
import { stopSupervisor, supervisorStatus } from "../../src/adapters/target/local/stop-supervisor.ts";
import { readState } from "../../src/adapters/target/local/supervisor/state-file.ts";
import { noWants } from "../../src/domain/environment/wants-of.ts";
import { createEnvironmentRig, destruction, type EnvironmentRig, shop } from "./environment-rig.ts";

const run = promisify(execFile);

let directory: string;
let targets: LocalTargets;
let rig: EnvironmentRig;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "quotas-"));
  const artifacts = createArtifactStore({ root: join(directory, "artifacts") });
  targets = createLocalTargets({ directory: join(directory, "target"), artifacts, routerPort: 0 });
  rig = await createEnvironmentRig({ limits: targets });
});
afterEach(async () => {
  await targets.close();
  await stopSupervisor(join(directory, "target"));
  await rig.dispose();
  await rm(directory, { recursive: true, force: true });
});

const wants = { ...noWants, quotas: { memory: "256Mi", processes: 50, cpus: 0.5 } };

async function limits() {
  return (await readState(layoutOf(join(directory, "target")).state)).limits;
}

test("quotas reach the supervisor of this host, say truly whether they hold, and go with the environment", async () => {
  const { quotas } = await rig.provision(shop({ wants }));
  expect(quotas.map(({ quota }) => quota)).toEqual(["cpus", "memory", "processes"]);
  for (const { enforced, words } of quotas)
    expect(words).toMatch(enforced ? /^enforced by cgroup v/ : /^not enforced/);
  expect(await limits()).toEqual({
    "acme-staging": { memoryBytes: 256 * 1024 ** 2, processes: 50, cpus: 0.5 },
  });
  await rig.provisioner.destroy(shop(), destruction);
  expect(await limits()).toEqual({});
});

test("another target than processes says that they do not hold", async () => {
  const { quotas } = await rig.provision(shop({ wants: { ...wants, target: "container" } }));
  expect(quotas.map(({ enforced, words }) => [enforced, words])).toEqual(
    quotas.map(() => [false, "not enforced: the container target limits single instances, not namespaces"]),
  );
  expect(await limits().catch(() => undefined)).toBeUndefined();
});

test("a supervisor that comes after one that was killed holds them again", async ({ skip }) => {
  // Other supervisors of this host have groups of their own.
  const tenantId = `tenant-${randomBytes(4).toString("hex")}`;
  const { namespace, quotas } = await rig.provision(shop({ tenantId, wants }));
  if (!quotas.some(({ quota, enforced }) => quota === "processes" && enforced))
    return skip("this host lets us make no control groups");
  expect(await processLimits(namespace)).toEqual(["50"]);
  const status = await supervisorStatus(join(directory, "target"));
  process.kill(status?.pid ?? 0, "SIGKILL");
  for (const group of await groupsOf(namespace)) await rmdir(group);
  await targets.process.list({ namespace, moduleId: "shop" });
  await expect.poll(() => processLimits(namespace)).toEqual(["50"]);
  await rig.provisioner.destroy(shop({ tenantId }), destruction);
  expect(await groupsOf(namespace)).toEqual([]);
});

async function groupsOf(namespace: string): Promise<string[]> {
  const found = await run("find", ["/sys/fs/cgroup", "-type", "d", "-name", namespace]).catch(
    // Groups of others come and go while it looks.
    (error: Error & { stdout?: string }) => ({ stdout: error.stdout ?? "" }),
  );
  return found.stdout.trim().split("\n").filter(Boolean);
}

async function processLimits(namespace: string): Promise<string[]> {
  const read = (group: string) => readFile(join(group, "pids.max"), "utf8").catch(() => "");
  const limits = await Promise.all((await groupsOf(namespace)).map(read));
  return limits.map((text) => text.trim()).filter((text) => text !== "");
}
