/** An environment that is destroyed while something serves there: everything says so afterwards, and a delivery makes it again. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { TracePlans } from "../../src/operations/release-plan/plan-trace.ts";
import { only } from "./support/events.ts";
import { ask } from "./support/http.ts";
import { createInstallation, type Delivered, type Installation } from "./support/installation.ts";
import { writeModule } from "./support/modules.ts";

const tenant = `
id: local
people: [{ id: ada, roles: [StudioAdmin, Developer, ReleaseManager, Deployer, InfraAdmin] }]
environments: [{ id: staging }]
releasePolicy:
  environments:
    staging: { rollout: { verification: { window: 1s } } }
pipelines: { dialects: [github-actions], chart: false, manifests: false, infrastructure: false }
`;

let site: Installation;
beforeAll(async () => {
  site = await createInstallation({ tenant });
});
afterAll(() => site.close());

const deliver = async (version: string) =>
  site.deliver(await writeModule(site.desk, { id: "shop", version }));
const releaseOf = ({ events }: Delivered) => String(only(events, "DeploymentCompleted").data.releaseId);
const urlOf = ({ events }: Delivered) => String(only(events, "DeploymentCompleted").data.url);

it("says that nothing serves in an environment that was destroyed, and keeps what happened there", async () => {
  expect((await deliver("1.0.0")).code).toBe(0);
  const second = await deliver("1.1.0");
  expect((await ask(urlOf(second))).status).toBe(200);
  const refused = await site.connectsoft(["env", "destroy", "staging", "--reason", "moved"]);
  expect(refused.stderr).toContain("shop 1.1.0");
  await site.ok(["env", "destroy", "staging", "--serving", "--reason", "moved"]);

  expect((await site.status(second.trace)).instances.flatMap(({ states }) => states)).toContain("destroyed");
  expect(JSON.parse(await site.ok(["env", "ls", "--json"]))).toMatchObject([
    { environment: "staging", namespace: null, modules: [] },
  ]);
  const { environments } = JSON.parse(await site.ok(["plan", second.trace, "--json"])) as TracePlans;
  expect(environments[0]?.modules).toMatchObject([
    { moduleId: "shop", state: "failed", because: expect.stringContaining("ada destroyed staging") },
  ]);
  expect(await site.ok(["drift"])).not.toContain("shop");
  const back = await site.studio(["request-rollback", releaseOf(second), "--reason", "worse"]);
  expect(back.code).not.toBe(0);
  expect(back.stderr).toContain("does not serve shop in staging: nothing does");
  const history = await site.ok([
    "memory",
    "get",
    "history/tenant-local/env-staging/shop/DeploymentHistory.json",
  ]);
  const { deployments } = JSON.parse(history) as { deployments: { version: string; outcome: string }[] };
  expect(deployments.map(({ version, outcome }) => [version, outcome])).toEqual([
    ["1.0.0", "Deployed"],
    ["1.1.0", "Deployed"],
    ["1.1.0", "Destroyed"],
  ]);
});

it("makes it again for the next delivery, which goes back to nothing that went", async () => {
  const third = await deliver("1.2.0");
  expect([third.code, third.stderr]).toEqual([0, ""]);
  const { body } = await ask(urlOf(third));
  expect(JSON.parse(body).version).toBe("1.2.0");
  expect(only(third.events, "DeploymentCompleted").data.replaced).toBeNull();
  expect(await site.ok(["env", "ls"])).toContain("shop");
  const back = await site.studio(["request-rollback", releaseOf(third), "--reason", "worse"]);
  expect(back.stderr).toContain("there is none to go back to");
});
