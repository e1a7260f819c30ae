/** A module that was upgraded by the fleet is handed over again from a folder without generated files. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import type { Preview } from "../../src/operations/preview-delivery.ts";
import { createInstallation, type Installation } from "./support/installation.ts";
import { writeModule } from "./support/modules.ts";

let site: Installation;

beforeAll(async () => {
  site = await createInstallation();
});
afterAll(() => site.close());

it("keeps the generated files, names the upgrade for what it is, and previews over what landed", async () => {
  const folder = await writeModule(site.desk, { id: "kept" });
  expect((await site.deliver(folder, ["--env", "staging"])).code).toBe(0);
  const preview = JSON.parse(await site.ok(["dev", "preview", folder, "--json"])) as Preview;
  expect(preview.files).toContainEqual(expect.objectContaining({ path: "Dockerfile", status: "unchanged" }));
  expect(preview.files.filter(({ status }) => status === "removed")).toEqual([]);

  const file = path.join(site.desk, "tenant.yaml");
  const tenant = parse(await site.ok(["tenant", "show"])) as object;
  await writeFile(file, stringify({ ...tenant, pipelines: { dialects: ["github-actions"] } }));
  await site.ok(["tenant", "apply", file]);
  await site.ok(["fleet", "plan"]);
  await site.ok(["fleet", "apply", "--wait"]);
  expect(await site.ok(["pr", "show", "kept#2"])).toMatch(/^kept#2 chore: bring kept up to date/);

  await writeFile(path.join(folder, "NOTES.md"), "by hand\n");
  expect((await site.deliver(folder, ["--env", "staging"])).code).toBe(0);
  const stat = await site.ok(["pr", "diff", "kept#3", "--stat"]);
  expect(stat).toContain("NOTES.md");
  expect(stat).not.toContain("deleted");
});
