import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestSystem, type TestSystem } from "../../test/support/system.ts";
import { ensureTenant } from "./ensure-tenant.ts";

let world: TestSystem;
let directory: string;
beforeEach(async () => {
  world = await createTestSystem();
  directory = await mkdtemp(path.join(os.tmpdir(), "connectsoft-tenant-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
  await world.close();
});

const declaration = `id: acme
people: [{ id: ann, roles: [StudioAdmin] }]
environments: [{ id: staging }]
`;

test("tenant.yaml of the data directory is put in force once, and takes nothing back that people changed since", async () => {
  const { tenants, journal } = world.system;
  const file = path.join(directory, "tenant.yaml");
  await writeFile(file, declaration);
  await ensureTenant({ tenants, journal }, directory);
  const changed = await tenants.get("acme");
  await tenants.put({ ...changed, keep: { releases: 3 } }, "ann");
  expect((await ensureTenant({ tenants, journal }, directory)).keep.releases).toBe(3);
  expect((await tenants.versions("acme")).map(({ by }) => by)).toEqual(["tenant.yaml", "ann"]);

  await writeFile(file, declaration.replace("staging", "preview"));
  expect((await ensureTenant({ tenants, journal }, directory)).environments.map(({ id }) => id)).toEqual([
    "preview",
  ]);
  const applied = await journal.read("acme", { acts: ["PolicyApplied"] });
  expect(applied.map(({ data }) => [data.version, data.how])).toEqual([
    [1, "tenant.yaml of the server's data directory"],
    [3, "tenant.yaml of the server's data directory"],
  ]);
});
