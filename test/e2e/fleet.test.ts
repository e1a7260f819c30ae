/** Upgrades of a tenant's modules after its policy changed, and what would be generated before anything is. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import type { DeploymentDiff } from "../../src/operations/diff-deployment.ts";
import type { FleetReport } from "../../src/operations/fleet/fleet-report.ts";
import type { Preview } from "../../src/operations/preview-delivery.ts";
import { createInstallation, type Delivered, type Installation } from "./support/installation.ts";
import { writeModule } from "./support/modules.ts";

let site: Installation;

beforeAll(async () => {
  site = await createInstallation();
});
afterAll(() => site.close());

describe("dev preview", () => {
  it("shows what would be generated as a tree with a diff, and leaves nothing behind", async () => {
    const folder = await writeModule(site.desk, { id: "seen" });
    const preview = JSON.parse(await site.ok(["dev", "preview", folder, "--json"])) as Preview;
    expect(preview.files).toContainEqual(expect.objectContaining({ path: "Dockerfile", status: "added" }));
    expect(preview.patch).toContain("+++ b/Dockerfile");
    expect(preview.leftOut).toEqual([]);
    const text = await site.ok(["dev", "preview", folder]);
    expect(text).toContain("+ Dockerfile");
    expect(text).toContain("+ new");
    expect((await site.connectsoft(["status"])).stdout).not.toContain("seen");
  });
});

describe("a fleet of two modules whose tenant wants fewer files", () => {
  let delivered: Delivered[];
  let plan: FleetReport;

  beforeAll(async () => {
    const folders = [
      await writeModule(site.desk, { id: "one" }),
      await writeModule(site.desk, { id: "two" }),
    ];
    delivered = [];
    for (const folder of folders) delivered.push(await site.deliver(folder, ["--env", "staging"]));
    const file = path.join(site.desk, "tenant.yaml");
    const tenant = parse(await site.ok(["tenant", "show"])) as object;
    await writeFile(file, stringify({ ...tenant, pipelines: { dialects: ["github-actions"] } }));
    await site.ok(["tenant", "apply", file]);
    plan = JSON.parse(await site.ok(["fleet", "plan", "--reason", "GitHub only", "--json"]));
  });

  it("plans what would change in each, and changes nothing", () => {
    expect(delivered.map(({ code }) => code)).toEqual([0, 0]);
    expect(plan.campaign.status).toBe("planned");
    expect(plan.modules.map(({ moduleId, state }) => [moduleId, state])).toEqual([
      ["one", "touched"],
      ["two", "touched"],
    ]);
    expect(plan.modules[0]?.files).toContainEqual({ path: ".gitlab-ci.yml", status: "removed" });
  });

  it("opens a pull request a module, lands it after build and test, and says so", async () => {
    await site.ok(["fleet", "apply", "--at-once", "1", "--wait"]);
    const report = JSON.parse(await site.ok(["fleet", "status", "--json"])) as FleetReport;
    expect(report.modules.map(({ state }) => state)).toEqual(["upgraded", "upgraded"]);
    expect(report.campaign.status).toBe("done");
    const again = JSON.parse(await site.ok(["fleet", "plan", "--json"])) as FleetReport;
    expect(again.modules.map(({ state }) => state)).toEqual(["unchanged", "unchanged"]);
  });

  it("deploys nothing by it, and diff deploy says that nothing would change", async () => {
    const diff = JSON.parse(
      await site.ok(["diff", "deploy", delivered[0]?.trace ?? "", "--env", "staging", "--json"]),
    ) as DeploymentDiff;
    expect(diff).toMatchObject({ serving: { version: "1.0.0" }, changes: false });
    await site.ok(["config", "set", "GREETING=hello", "--env", "staging", "--module", "one"]);
    const text = await site.ok(["diff", "deploy", delivered[0]?.trace ?? "", "--env", "staging"]);
    expect(text).toContain("configuration: + GREETING");
  });
});
