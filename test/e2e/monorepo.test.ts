/** One repository for all modules of a tenant: pull requests by trace or by module, and deliveries beside each other. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Preview } from "../../src/operations/preview-delivery.ts";
import type { PullRequestView } from "../../src/operations/pull-requests/read-pull-requests.ts";
import { only } from "./support/events.ts";
import { clone, git } from "./support/git.ts";
import { ask } from "./support/http.ts";
import { createInstallation, type Delivered, type Installation } from "./support/installation.ts";
import { writeModule } from "./support/modules.ts";

const tenant = (oneFor: string) => `
id: local
people: [{ id: ada, roles: [StudioAdmin, Developer, ReleaseManager] }]
environments: [{ id: staging }]
repositories: { layout: monorepo, name: platform, folder: services }
pullRequests: { oneFor: ${oneFor} }
pipelines: { dialects: [github-actions], chart: false, manifests: false, infrastructure: false }
`;

let site: Installation;
const ids = ["alpha", "beta", "gamma", "delta", "epsilon"];

beforeAll(async () => {
  site = await createInstallation({ tenant: tenant("trace") });
});
afterAll(() => site.close());

/** All at once, as modules of one trace or of one each. */
async function deliverAll(modules: string[], version: string, trace?: string): Promise<Delivered[]> {
  const folders = await Promise.all(modules.map((id) => writeModule(site.desk, { id, version })));
  const flags = trace === undefined ? [] : ["--trace", trace];
  return await Promise.all(folders.map((folder) => site.deliver(folder, flags)));
}

const merged = async () =>
  JSON.parse(
    await site.ok(["pr", "ls", "--repository", "platform", "--state", "merged", "--json"]),
  ) as PullRequestView[];

async function answersOf(delivered: Delivered[]): Promise<unknown[]> {
  expect(delivered.map(({ code, stderr }) => [code, stderr])).toEqual(delivered.map(() => [0, ""]));
  const asked = delivered.map(({ events }) => ask(String(only(events, "DeploymentCompleted").data.url)));
  return (await Promise.all(asked)).map(({ body }) => {
    const { name, version } = JSON.parse(body);
    return [name, version];
  });
}

it("two modules of a trace land in one pull request where the tenant wants one for a trace", async () => {
  const delivered = await deliverAll(["alpha", "beta"], "1.0.0", "both");
  expect(await answersOf(delivered)).toEqual([
    ["alpha", "1.0.0"],
    ["beta", "1.0.0"],
  ]);
  const [pull, ...others] = await merged();
  expect(others).toEqual([]);
  expect(pull).toMatchObject({ sourceBranch: "trace/both", title: "feat: deliver alpha, beta for both" });
  expect(pull?.body.match(/Report `sha256:/g)).toHaveLength(2);
});

it("and in two where it wants one for a module", async () => {
  const file = path.join(site.desk, "tenant.yaml");
  await writeFile(file, tenant("module"));
  await site.ok(["tenant", "apply", file]);
  const delivered = await deliverAll(["alpha", "beta"], "1.1.0", "each");
  expect(await answersOf(delivered)).toEqual([
    ["alpha", "1.1.0"],
    ["beta", "1.1.0"],
  ]);
  const branches = (await merged()).map(({ sourceBranch }) => sourceBranch).toSorted();
  expect(branches).toEqual(["trace/both", "trace/each/alpha", "trace/each/beta"]);
});

it("five deliveries at once all land, each with the bytes of its own folder", async () => {
  const delivered = await deliverAll(ids, "2.0.0");
  expect(await answersOf(delivered)).toEqual(ids.map((id) => [id, "2.0.0"]));
  const folder = await clone(site, "platform", { token: site.server().token });
  for (const id of ids) {
    const manifest = JSON.parse(await git(folder, "show", `main:services/${id}/package.json`));
    expect(manifest).toMatchObject({ name: id, version: "2.0.0" });
  }
  expect((await git(folder, "tag")).split("\n")).toEqual(
    expect.arrayContaining(ids.map((id) => `${id}/v2.0.0`)),
  );
  const log = await git(folder, "log", "--format=%s", "main");
  for (const id of ids) expect(log).toMatch(new RegExp(`^feat\\(${id}\\): `, "m"));
});

it("a preview shows a module's files in its own folder, and one that has landed as it is", async () => {
  const preview = async (id: string, files: Record<string, string> = {}) => {
    const folder = await writeModule(site.desk, { id, version: "3.0.0", files });
    return JSON.parse(await site.ok(["dev", "preview", folder, "--json"])) as Preview;
  };
  const fresh = await preview("zeta", { Dockerfile: "FROM scratch\n" });
  expect(fresh.files).toContainEqual(
    expect.objectContaining({ path: "services/zeta/Dockerfile", status: "own" }),
  );
  expect(fresh.files).toContainEqual(
    expect.objectContaining({ path: ".github/workflows/zeta.yml", status: "added" }),
  );
  const landed = await preview("alpha");
  const statuses = new Map(landed.files.map(({ path: name, status }) => [name, status]));
  expect(statuses.get(".github/workflows/alpha.yml")).toBe("unchanged");
});
