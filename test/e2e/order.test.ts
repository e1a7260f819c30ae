/** Several modules of a trace: deployed after what they depend on, stopped by a failure, taken back together where policy says so. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { DeliveryEvent } from "../../src/domain/event/event.ts";
import type { TracePlans } from "../../src/operations/release-plan/plan-trace.ts";
import { named, only } from "./support/events.ts";
import { ask } from "./support/http.ts";
import { createInstallation, type Delivered, type Installation } from "./support/installation.ts";
import { writeModule } from "./support/modules.ts";

const tenant = (wholeTrace: boolean) => `
id: local
people: [{ id: ada, roles: [StudioAdmin, Developer, ReleaseManager, Deployer] }]
environments: [{ id: staging }]
releasePolicy:
  environments:
    staging: { rollback: { wholeTrace: ${wholeTrace} }, rollout: { verification: { window: 1s } } }
pipelines: { dialects: [github-actions], chart: false, manifests: false, infrastructure: false }
`;
const needs: Record<string, string[]> = { accounts: [], orders: ["accounts"], shop: ["orders"] };
const ids = Object.keys(needs);
const broken = { "server.js": `console.log("no such table: orders"); process.exit(3);\n` };

let site: Installation;
beforeAll(async () => {
  site = await createInstallation({ tenant: tenant(false) });
});
afterAll(() => site.close());

/** All three in one go, last things first; `fails` never starts. */
async function deliverAll(version: string, fails?: string): Promise<Delivered> {
  const folders = await Promise.all(
    ids.toReversed().map((id) => {
      const yaml = `dependsOn: [${needs[id]}]\n`;
      return writeModule(site.desk, { id, version, yaml, ...(id === fails && { files: broken }) });
    }),
  );
  const [first = "", ...others] = folders;
  return site.deliver(first, others);
}

async function versions(events: DeliveryEvent[]): Promise<unknown[]> {
  const urls = ids.map(
    (id) => named(events, "DeploymentCompleted").find((one) => one.moduleid === id)?.data.url,
  );
  return Promise.all(
    urls.map(async (url) => {
      const { status, body } = await ask(String(url));
      return status === 200 ? JSON.parse(body).version : status;
    }),
  );
}

const of = (events: DeliveryEvent[], moduleId: string) => events.filter((one) => one.moduleid === moduleId);
const plan = async (trace: string) => JSON.parse(await site.ok(["plan", trace, "--json"])) as TracePlans;
const statesIn = ({ environments }: TracePlans) =>
  environments[0]?.modules.map(({ moduleId, wave, state }) => [moduleId, wave, state]);

let first: Delivered;

it("deploys each module after those that it depends on, however they were handed over", async () => {
  first = await deliverAll("1.0.0");
  expect([first.code, first.stderr]).toEqual([0, ""]);
  const begun = ids.map((id) => only(of(first.events, id), "DeploymentStarted").time);
  const done = ids.map((id) => only(of(first.events, id), "DeploymentCompleted").time);
  expect(begun[1] && done[0] && begun[1] >= done[0]).toBe(true);
  expect(begun[2] && done[1] && begun[2] >= done[1]).toBe(true);
  expect(await versions(first.events)).toEqual(["1.0.0", "1.0.0", "1.0.0"]);
  expect(statesIn(await plan(first.trace))).toEqual([
    ["accounts", 1, "live"],
    ["orders", 2, "live"],
    ["shop", 3, "live"],
  ]);
  const { releaseId } = only(of(first.events, "shop"), "ReleaseProposed").data;
  const written = await site.artifact(first.trace, `shop/releases/${releaseId}/ReleasePlan.yaml`);
  expect(written).toContain("waves:\n  - - accounts\n  - - orders\n  - - shop\n");
}, 300_000);

it("stops at a failure: what depends on it waits and says why, and what was deployed before stays", async () => {
  const second = await deliverAll("1.1.0", "orders");
  expect(second.code).toBe(4);
  expect(await versions(first.events)).toEqual(["1.1.0", "1.0.0", "1.0.0"]);
  const shop = of(second.events, "shop");
  expect(named(shop, "DeploymentStarted")).toEqual([]);
  expect(only(shop, "DependencyFailed").data).toMatchObject({ moduleId: "orders" });
  const held = named(shop, "ReleaseDelayed").at(-1)?.data.reasons;
  expect(held).toMatchObject([{ code: "DependencyNotReady" }]);
  expect(JSON.stringify(held)).toContain("orders 1.1.0 of this trace failed in staging");
  expect(statesIn(await plan(second.trace))).toEqual([
    ["accounts", 1, "live"],
    ["orders", 2, "failed"],
    ["shop", 3, "waiting"],
  ]);
  const said = await site.ok(["explain", second.trace, "--module", "shop"]);
  expect(said).toContain(`connectsoft explain ${second.trace} --module orders`);
}, 300_000);

it("takes the trace back with what failed, dependents first, where policy says so", async () => {
  const file = path.join(site.desk, "tenant.yaml");
  await writeFile(file, tenant(true));
  await site.ok(["tenant", "apply", file]);
  const third = await deliverAll("1.2.0", "shop");
  expect(third.code).toBe(4);
  const { trace } = third;
  const back = async (id: string) => {
    await site.untilModule(trace, id, ({ instances }) =>
      instances.some(({ states }) => states.includes("rolled_back")),
    );
    return only(await site.eventsOf(trace, id), "RollbackCompleted").time;
  };
  const times = [await back("shop"), await back("orders"), await back("accounts")];
  expect(times).toEqual(times.toSorted());
  expect(await versions(first.events)).toEqual(["1.1.0", "1.0.0", "1.0.0"]);
  const asked = only(await site.eventsOf(trace, "accounts"), "RollbackRequested");
  expect(asked.source).toBe("/agents/deployment-orchestrator");
  expect(asked.data.reason).toContain("shop 1.2.0");
}, 300_000);

it("stops where there is nothing to go back to, and says what is left", async () => {
  const folders = await Promise.all(
    [
      { id: "ledger", yaml: "" },
      { id: "billing", yaml: "dependsOn: [ledger]\n", files: broken },
    ].map((module) => writeModule(site.desk, module)),
  );
  const fresh = await site.deliver(folders[0] ?? "", folders.slice(1));
  expect(fresh.code).toBeGreaterThanOrEqual(3);
  const escalated = named(await site.eventsOf(fresh.trace, "billing"), "EscalationRaised").at(-1)?.data;
  expect(escalated?.what).toContain("ledger 1.0.0 (release-");
  expect(escalated?.what).toContain("there is none to go back to");
  const { body } = await ask(String(only(of(fresh.events, "ledger"), "DeploymentCompleted").data.url));
  expect(JSON.parse(body).version).toBe("1.0.0");
});

it("refuses a circle at the hand-over, and holds a module that depends on one that nobody knows", async () => {
  const self = await writeModule(site.desk, { id: "mirror", yaml: "dependsOn: [mirror]\n" });
  const refused = await site.connectsoft(["deliver", self]);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("mirror needs mirror")]);
  const lost = await writeModule(site.desk, { id: "lost", yaml: "dependsOn: [acounts]\n" });
  const { code, trace } = await site.deliver(lost);
  expect(code).toBe(3);
  expect(await site.ok(["explain", trace])).toContain("acounts is no module of this tenant");
});

it("wakes what waits although the server was killed when its dependency became live", async () => {
  const folder = await writeModule(site.desk, { id: "late", yaml: "dependsOn: [early]\n" });
  const early = await writeModule(site.desk, { id: "early" });
  const waiting = await site.deliver(folder, ["--trace", "woken"]);
  expect(waiting.code).toBe(3);
  const { pid } = site.server();
  const second = await site.deliver(early, ["--trace", "woken"], {
    onLine(line) {
      if (line.includes("DeploymentCompleted") && site.server().pid === pid) process.kill(pid, "SIGKILL");
    },
  });
  expect(second.code).toBe(0);
  await site.untilModule("woken", "late", ({ instances }) =>
    instances.some(({ states }) => states.includes("live")),
  );
}, 300_000);
