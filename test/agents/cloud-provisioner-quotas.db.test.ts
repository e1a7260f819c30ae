/** Quotas of a namespace as the kernel holds them, through the supervisor of this host and across its death. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createArtifactStore } from "../../src/adapters/runner/local/create-artifact-store.ts";
import { layoutOf } from "../../src/adapters/target/local/layout.ts";
import { createLocalTargets, type LocalTargets } from "../../src/adapters/target/local/local-targets.ts";
import { stopSupervisor } from "../../src/adapters/target/local/stop-supervisor.ts";
import { readState } from "../../src/adapters/target/local/supervisor/state-file.ts";
import { noWants } from "../../src/domain/environment/wants-of.ts";
import { createEnvironmentRig, destruction, type EnvironmentRig, shop } from "./environment-rig.ts";

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
