/** kill -9 after each change of a plan, and of a destruction: a fresh process finishes with the same call. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { noWants } from "../../src/domain/environment/wants-of.ts";
import {
  createEnvironmentRig,
  destruction,
  type EnvironmentRig,
  environment,
  shop,
} from "./environment-rig.ts";
import type { ProvisionerOrders } from "./provisioner-process.ts";

const run = promisify(execFile);

let rig: EnvironmentRig;
beforeEach(async () => {
  rig = await createEnvironmentRig();
});
afterEach(() => rig.dispose());

const wants = {
  ...noWants,
  quotas: { memory: "1Gi", disk: "1Gi" },
  domain: "apps.acme.example",
  shared: [{ kind: "storage" as const, name: "uploads" }],
};
const request = shop({
  wants,
  path: "/shop",
  needs: { config: [], secrets: [], resources: [{ kind: "storage", name: "cache" }] },
});

test("a plan that is killed after any of its changes is finished by its own digest", async () => {
  const { changes, digest } = await rig.provisioner.plan(request);
  expect(changes.length).toBeGreaterThan(7);
  for (let killAfter = 1; killAfter <= changes.length; killAfter += 1) {
    expect(await child({ request, digest, killAfter })).toBe("SIGKILL");
    expect((await rig.provisioner.plan(request)).changes).toEqual(changes.slice(killAfter));
    const made = await rig.provisioner.apply(request, digest);
    expect(made.hosts).toEqual(["shop.acme-staging.localhost", "shop.apps.acme.example"]);
    expect(made.paths).toEqual([{ host: "apps.acme.example", path: "/shop" }]);
    expect(existsSync(join(made.storage, "cache"))).toBe(true);
    expect((await rig.provisioner.plan(request)).changes).toEqual([]);
    expect(await rig.provisioner.drift(request)).toEqual([]);
    await rig.provisioner.destroy(request, { ...destruction, withSettings: true });
  }
});

test("a plan of which a part was applied is refused once another one was made", async () => {
  const { digest } = await rig.provisioner.plan(request);
  expect(await child({ request, digest, killAfter: 2 })).toBe("SIGKILL");
  const premium = { ...request, editionId: "premium" };
  await rig.provision(premium);
  await expect(rig.provisioner.apply(request, digest)).rejects.toThrow(/PlanChanged/);
});

test("a plan of which a part was applied is refused where something else is open than it says", async () => {
  const { digest } = await rig.provisioner.plan(request);
  expect(await child({ request, digest, killAfter: 99 })).toBe("");
  const first = await rig.provisioner.apply(request, digest);
  expect(await rig.provisioner.apply(request, digest)).toEqual(first);
  await rig.pool.query(
    "update connectsoft.environment_resources set found = '{\"value\": \"2Gi\"}' where kind = 'quota'",
  );
  await expect(rig.provisioner.apply(request, digest)).rejects.toThrow(/PlanChanged: .*update quota memory/);
});

test("a destruction that is killed after any of its changes is finished, and leaves nothing", async () => {
  await rig.provision(environment({ wants }));
  await rig.provision(request);
  const resources = await rig.provisioner.refresh(request);
  // Its module is dismantled first.
  const steps = resources.resources.length + 1;
  for (let killAfter = 1; killAfter <= steps; killAfter += 1) {
    await rig.provision(environment({ wants }));
    await rig.provision(request);
    await rig.settings.setSecret({ tenantId: "acme", environment: "staging" }, "KEY", "hidden");
    expect(await child({ request, killAfter })).toBe("SIGKILL");
    await rig.provisioner.destroy(request, { ...destruction, withSettings: true });
    expect(await rig.leftovers()).toEqual({});
    expect(await readdir(rig.storageRoot).catch(() => [])).toEqual([]);
  }
  const { rows } = await rig.pool.query(
    "select d.destroyed_by, d.reason, jsonb_array_length(d.removed) as removed from connectsoft.environment_destructions d where d.ended_at is not null",
  );
  expect(rows).toHaveLength(steps);
  expect(rows.every((row) => row.destroyed_by === "ada" && row.removed >= resources.resources.length)).toBe(
    true,
  );
});

/** How it ended: the signal, or nothing. */
async function child(
  orders: Pick<ProvisionerOrders, "request" | "killAfter"> & { digest?: string },
): Promise<string> {
  const { url: databaseUrl, storageRoot, keyFile } = rig;
  const program = join(import.meta.dirname, "provisioner-process.ts");
  const env = { ...process.env, ORDERS: JSON.stringify({ ...orders, databaseUrl, storageRoot, keyFile }) };
  return await run(process.execPath, [program], { env }).then(
    () => "",
    (error: Error & { signal?: string; stderr?: string }) => {
      if (error.signal === "SIGKILL") return error.signal;
      throw new Error(error.stderr);
    },
  );
}
