/** The generated GitLab pipeline, run by GitLab's emulator on this host: a small Node module alone and in a monorepo. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { gitlabCi } from "../../../src/adapters/dialect/gitlab-ci/gitlab-ci.ts";
import { samplePipelineModelOf } from "../../support/pipeline-model.ts";
import { rsync } from "./tools.ts";

const run = promisify(execFile);
const emulator = createRequire(import.meta.url).resolve("gitlab-ci-local");
let place: string;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "connectsoft-gitlab-"));
});
afterAll(() => rm(place, { recursive: true, force: true }));

test.for(["", "services/booking"])(
  "builds, tests and packs a module in %j, handing on from job to job",
  async (folder, { skip }) => {
    const tool = await rsync();
    if ("missing" in tool) return skip(tool.missing);
    const repository = await repositoryWith(folder);
    const prefix = folder === "" ? "" : "booking-service:";
    const jobs = ["build", "test", "package"].map((name) => prefix + name);
    const { stdout } = await run(process.execPath, [emulator, "--force-shell-executor", ...jobs], {
      cwd: repository,
      env: { ...process.env, ...tool.environment, NO_COLOR: "1" },
    });
    for (const job of jobs) expect(stdout).toMatch(new RegExp(`PASS.*${job}`));
    // The emulator writes a job's name its own way where it holds a colon.
    const artifacts = join(repository, ".gitlab-ci-local", "artifacts");
    const kept = (await readdir(artifacts)).find((name) => name.endsWith("package")) ?? "";
    expect(await readFile(join(artifacts, kept, folder, "built.txt"), "utf8")).toBe("built");
  },
);

async function repositoryWith(folder: string): Promise<string> {
  const repository = await mkdtemp(join(place, "repository-"));
  const remote = `${repository}.git`;
  const git = (...words: string[]) =>
    run("git", ["-c", "user.name=Test", "-c", "user.email=test@example.invalid", ...words], {
      cwd: repository,
    });
  await run("git", ["init", "--quiet", "--bare", "--initial-branch=main", remote]);
  await git("init", "--quiet", "--initial-branch=main");
  await git("remote", "add", "origin", remote);
  await git("commit", "--quiet", "--allow-empty", "--message=base");
  await git("push", "--quiet", "origin", "main");
  await git("fetch", "--quiet", "origin");
  await git("remote", "set-head", "origin", "main");
  for (const [path, content] of Object.entries(moduleFiles()))
    await write(join(repository, folder, path), content);
  for (const { path, content } of gitlabCi.render(samplePipelineModelOf("node", { folder })))
    await write(join(repository, path), content);
  await git("add", "--all");
  await git("commit", "--quiet", "--message=module");
  return repository;
}

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

/** The test reads what only the build writes, so that it fails where nothing is handed on. */
function moduleFiles(): Record<string, string> {
  const scripts = { build: "node build.js", test: "node --test" };
  const name = { name: "booking-service", version: "1.0.0" };
  return {
    "package.json": JSON.stringify({ ...name, type: "module", scripts }),
    "package-lock.json": JSON.stringify({ ...name, lockfileVersion: 3, packages: { "": name } }),
    "build.js": 'import { writeFileSync } from "node:fs";\nwriteFileSync("built.txt", "built");\n',
    "built.test.js":
      'import assert from "node:assert";\nimport { readFileSync } from "node:fs";\nimport test from "node:test";\n' +
      'test("it was built", () => assert.equal(readFileSync("built.txt", "utf8"), "built"));\n',
    ".gitignore": "node_modules\nbuilt.txt\n",
  };
}
