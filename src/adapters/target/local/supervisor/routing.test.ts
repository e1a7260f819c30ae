import { expect, test } from "vitest";
import type { RouterControl, RouterTable } from "../router/router-control.ts";
import { Release, type ReleaseHost } from "./release.ts";
import { Routing } from "./routing.ts";
import type { InstanceRecord } from "./state.ts";

const place = { namespace: "acme-staging", moduleId: "shop" };

test("a release that is ready is told of once the router goes by it, and anew where it moved to another port", async () => {
  const { routing, release, instance, tables } = rig();
  routing.set(place, [share]);
  expect(routing.isTold(release)).toBe(false);
  const applied = routing.apply();
  await expect.poll(() => tables.length).toBe(1);
  expect(routing.isTold(release)).toBe(false);
  tables[0]?.taken();
  await applied;
  expect(routing.isTold(release)).toBe(true);
  instance.port = 4002;
  expect(routing.isTold(release)).toBe(false);
});

test("what stands by is not told of as serving", async () => {
  const { routing, release, tables } = rig();
  routing.set(place, [], ["release-000001"]);
  const applied = routing.apply();
  await expect.poll(() => tables.length).toBe(1);
  tables[0]?.taken();
  await applied;
  expect(routing.isTold(release)).toBe(false);
});

const share = { releaseId: "release-000001", weight: 100, since: "", exitsBefore: 0 };

/** One release with one instance that is up, and a router that takes a table when it is told to. */
function rig() {
  const tables: (RouterTable & { taken(): void })[] = [];
  const router = {
    apply: (table: RouterTable) =>
      new Promise<void>((taken) => void tables.push({ ...table, taken: () => taken() })),
  } as RouterControl;
  const instance: InstanceRecord = {
    index: 0,
    folder: "instance-0",
    phase: "ready",
    identity: { pid: 1, startTime: "1", bootId: "" } as unknown as NonNullable<InstanceRecord["identity"]>,
    port: 4001,
    restartCount: 0,
    restartsInARow: 0,
  };
  const spec = { ...place, releaseId: "release-000001", hosts: [] };
  const record = { spec, wanted: "running", replicas: 1, exits: 0, instances: [instance] };
  const release = new Release(record as unknown as Release["record"], {} as ReleaseHost);
  const options = { routes: {}, standby: {}, lastServed: {}, generation: 1, router };
  const routing = new Routing({ ...options, releases: () => [release] });
  return { routing, release, instance, tables };
}
