/** A rollout that is cancelled where policy allows no rollback: it stays where it was, and everything says so. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createInstallation, type Installation } from "./support/installation.ts";
import { writeModule } from "./support/modules.ts";

const tenant = (rollbackAllowed: boolean) => `
id: local
people: [{ id: ada, roles: [StudioAdmin, Developer, ReleaseManager, Deployer] }]
environments: [{ id: staging }]
releasePolicy:
  environments:
    staging:
      rollbackAllowed: ${rollbackAllowed}
      rollout: { strategy: canary, canary: [{ weight: 20, pause: promoted }], verification: { window: 1s } }
pipelines: { dialects: [github-actions], chart: false, manifests: false, infrastructure: false }
`;

let site: Installation;
beforeAll(async () => {
  site = await createInstallation({ tenant: tenant(false) });
});
afterAll(() => site.close());

/** To where a person would promote it. */
async function beginCanary(version: string): Promise<string> {
  const folder = await writeModule(site.desk, { id: "shop", version });
  const { traceId } = JSON.parse(await site.ok(["deliver", folder, "--detach", "--json"]));
  await site.until(traceId, ({ explanation }) => explanation.sentence.includes("connectsoft promote"));
  return traceId;
}

const inState = (trace: string, state: string) =>
  site.untilModule(trace, "shop", ({ instances }) => instances.some(({ states }) => states.includes(state)));
const shares = "staging is served by shop 1.0.0 (release-000001) with 80 % of the traffic, healthy";

let cancelled: string;

it("says what keeps which share of the traffic, why, and what a person can do about it", async () => {
  expect((await site.deliver(await writeModule(site.desk, { id: "shop", version: "1.0.0" }))).code).toBe(0);
  cancelled = await beginCanary("1.1.0");
  const said = await site.ok(["cancel", cancelled, "--reason", "not today"]);
  expect(said).toContain("Its rollout in staging goes no further and keeps the traffic that it has");
  expect(said).not.toContain("is taken back");
  expect(said).toContain(`connectsoft failure ${cancelled}`);
  await inState(cancelled, "escalated");

  const left =
    "shop 1.1.0 (release-000002) in staging was being rolled out when its delivery was cancelled, and is not taken back: the policy says rollbackAllowed: false.";
  const failure = await site.ok(["failure", cancelled]);
  expect(failure.split("\n").slice(0, 2)).toEqual([
    left,
    `${shares} and 1.1.0 (release-000002) with 20 % of the traffic, healthy.`,
  ]);
  for (const command of ["status", "explain"]) {
    const told = await site.ok([command, cancelled]);
    expect(told).toMatch(/The delivery was cancelled .* ago by ada: not today\. shop 1\.1\.0/);
    expect(told).toContain(left);
    expect(told).toContain("1.1.0 (release-000002) is serving and has 20 % of the traffic");
    expect(told).toContain("studio request-rollback release-000002");
    expect(told.split(left)).toHaveLength(2);
  }
});

it("is ended by the next version, which takes its share, or by a rollback once policy allows one", async () => {
  const next = await beginCanary("1.2.0");
  expect(await site.ok(["failure", cancelled])).toContain(`${shares} and 1.2.0 (release-000003) with 20 %`);
  await site.ok(["cancel", next]);
  await inState(next, "escalated");
  const file = path.join(site.desk, "tenant.yaml");
  await writeFile(file, tenant(true));
  await site.ok(["tenant", "apply", file]);
  const back = await site.studio(["request-rollback", "release-000003", "--reason", "it has no future"]);
  expect([back.code, back.stderr]).toEqual([0, ""]);
  await inState(next, "rolled_back");
  expect(await site.ok(["failure", next])).toContain(
    "staging is served by shop 1.0.0 (release-000001), healthy.",
  );
});
