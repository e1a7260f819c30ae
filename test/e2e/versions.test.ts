/** What a hand-over becomes: its version, changelog and tag; how a release is taken back; and what never gets in. */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { only } from "./support/events.ts";
import { clone, git } from "./support/git.ts";
import { ask } from "./support/http.ts";
import { createInstallation, type Delivered, type Installation, linesOf } from "./support/installation.ts";
import { writeModule } from "./support/modules.ts";

let site: Installation;

beforeAll(async () => {
  site = await createInstallation();
});
afterAll(() => site.close());

const server = (text: string) => `
import { createServer } from "node:http";

createServer((_request, response) => response.end("${text}")).listen(Number(process.env.PORT), "127.0.0.1");
`;
const handOver = async (text: string): Promise<Delivered> => {
  const folder = await writeModule(site.desk, { id: "bakery", files: { "server.js": server(text) } });
  return await site.deliver(folder, ["--env", "staging"]);
};
const answerOf = async ({ events }: Delivered) =>
  (await ask(String(only(events, "DeploymentCompleted").data.url))).body;

describe("the same version with other content", () => {
  let second: Delivered;
  let folder: string;

  it("is another version, with a section in the changelog and a tag", async () => {
    expect((await handOver("rye")).code).toBe(0);
    second = await handOver("wheat");
    expect(second.code, second.stderr).toBe(0);
    expect(await answerOf(second)).toBe("wheat");
    expect(only(second.events, "CommitReady").data).toMatchObject({ version: "1.0.1" });
    folder = await clone(site, "bakery", { token: site.server().token });
    expect(linesOf(await git(folder, "tag"))).toEqual(["v1.0.0", "v1.0.1"]);
    const changelog = await readFile(path.join(folder, "CHANGELOG.md"), "utf8");
    expect(changelog).toMatch(/^## \[1\.0\.1\].*^## \[1\.0\.0\]/ms);
  });

  it("commits nothing when it is handed over unchanged, and says so", async () => {
    const before = await git(folder, "rev-parse", "origin/main");
    const again = await handOver("wheat");
    expect(again.code, again.stderr).toBe(0);
    expect(only(again.events, "CommitReady").data).toMatchObject({ changed: false });
    await git(folder, "fetch", "--quiet");
    expect(await git(folder, "rev-parse", "origin/main")).toBe(before);
  });

  it("is taken back by a pull request, and the earlier content is live again as a version of its own", async () => {
    const said = await site.ok(["revert", second.trace]);
    const trace = /--follow (\S+)/.exec(said)?.[1] ?? "";
    const reverted = await site.follow(trace);
    expect(reverted.code, reverted.stderr).toBe(0);
    expect(await answerOf(reverted)).toBe("rye");
    expect(only(reverted.events, "PullRequestCreated").data).toMatchObject({
      title: expect.stringMatching(/^revert/),
    });
    await git(folder, "pull", "--quiet");
    const changelog = await readFile(path.join(folder, "CHANGELOG.md"), "utf8");
    expect(changelog).toMatch(/^## \[1\.0\.2\].*Take back 1\.0\.1.*^## \[1\.0\.1\]/ms);
    const first = await site.connectsoft(["revert", "1.0.0", "--module", "bakery"]);
    expect(first.code).toBe(2);
    expect(first.stderr).toMatch(/^error RollbackImpossible: .*\nnext: /);
  });
});

it("a secret is refused with its place and never shown, and nothing is committed", async () => {
  const key = randomBytes(60).toString("base64").replace(/[+/]/g, "").slice(0, 40);
  const text = `process.env.AWS_SECRET_ACCESS_KEY = "${key}";\n`;
  const folder = await writeModule(site.desk, { id: "leaky", files: { "aws.js": text } });
  const { code, events, stdout, stderr, trace } = await site.deliver(folder, ["--env", "staging"]);
  expect(code).toBe(4);
  expect(only(events, "AgentFailed").data).toMatchObject({ code: "ScanFailed" });
  const why = await site.ok(["explain", trace]);
  expect(why).toMatch(/aws\.js:\d/);
  for (const said of [stdout, stderr, why, await readFile(path.join(site.home, "logs/server.log"), "utf8")])
    expect(said).not.toContain(key);
  expect(JSON.parse(await site.ok(["pr", "ls", "--json"]))).toEqual([]);
  const empty = await clone(site, "leaky", { token: site.server().token });
  expect(linesOf(await git(empty, "log", "--all", "--name-only", "--format="))).toEqual([]);
});

describe("a service that runs already, with a pipeline of its own", () => {
  const own = {
    Dockerfile: 'FROM node:24-alpine\nCOPY . /app\nWORKDIR /app\nCMD ["node", "server.js"]\n',
    ".github/workflows/ours.yml":
      "on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n      - run: node --check server.js\n",
  };

  it("is adopted as it is: nothing is generated, and nothing of it is changed", async () => {
    const folder = await writeModule(site.desk, { id: "adopted", files: own });
    const { code, stderr, trace } = await site.deliver(folder, ["--env", "staging", "--adopt"]);
    expect(code, stderr).toBe(0);
    const landed = await clone(site, "adopted", { token: site.server().token });
    expect(linesOf(await git(landed, "ls-files"))).toEqual(
      [...Object.keys(own), "module.yaml", "package.json", "server.js"].toSorted(),
    );
    expect(await site.ok(["memory", "ls", trace])).not.toContain("azure-pipelines");
    for (const [name, text] of Object.entries(own))
      expect(await readFile(path.join(landed, name), "utf8")).toBe(text);
  });

  it("keeps its own files where the rest is generated", async () => {
    const folder = await writeModule(site.desk, { id: "kept", files: own });
    const { code, stderr } = await site.deliver(folder, ["--env", "staging"]);
    expect(code, stderr).toBe(0);
    const landed = await clone(site, "kept", { token: site.server().token });
    expect(linesOf(await git(landed, "ls-files"))).toEqual(
      expect.arrayContaining([".github/workflows/ci.yml", "azure-pipelines.yaml", "helm/Chart.yaml"]),
    );
    for (const [name, text] of Object.entries(own))
      expect(await readFile(path.join(landed, name), "utf8")).toBe(text);
  });
});
