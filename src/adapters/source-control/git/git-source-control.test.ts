import { execFile, spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, realpath, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { sourceControlConformance } from "../../../ports/source-control.conformance.ts";
import type { SourceControl } from "../../../ports/source-control.ts";
import { createGitSourceControl } from "./git-source-control.ts";
import { checkGitVersion } from "./git-version.ts";
import { staysInside } from "./module-rules.ts";
import { locate } from "./repository.ts";
import { sweepLeftOvers } from "./sweep-left-overs.ts";

const run = promisify(execFile);

sourceControlConformance("git", async () => {
  const place = await mkdtemp(join(tmpdir(), "git-root-"));
  return {
    sourceControl: createGitSourceControl({ root: place }),
    stop: () => rm(place, { recursive: true, force: true }),
  };
});

let place: string;
let root: string;
let scm: SourceControl;

beforeAll(async () => {
  place = await realpath(await mkdtemp(join(tmpdir(), "git-source-control-")));
  root = join(place, "repositories");
  scm = createGitSourceControl({ root });
});
afterAll(() => rm(place, { recursive: true, force: true }));

function commit(repository: string, invocationId: string, path = "a.txt") {
  return scm.commit({
    repository,
    branch: "main",
    base: "main",
    content: { files: [{ path, content: path }] },
    subject: "feat: add a file",
    trailers: {},
    author: { name: "Code Committer", email: "code-committer@example.invalid" },
    at: "2025-05-23T10:00:00.000Z",
    invocationId,
  });
}

async function folder(name: string, files: Record<string, string>): Promise<string> {
  const made = join(place, name);
  await mkdir(made, { recursive: true });
  for (const [path, content] of Object.entries(files)) await writeFile(join(made, path), content);
  return made;
}

test("a folder inside another git work tree is imported as it stands, whatever that one ignores", async () => {
  const outer = await folder("outer", { ".gitignore": "inner\n" });
  await run("git", ["init", "--quiet", outer]);
  const inner = await folder("outer/inner", { "package.json": "{}" });
  const { tree } = await scm.importFolder({ repository: "t/inner", folder: inner });
  expect(await scm.listFiles("t/inner", tree)).toEqual(["package.json"]);
});

test("a folder that is a git repository itself is imported without its .git and its index is not touched", async () => {
  const own = await folder("own", { "package.json": "{}" });
  await run("git", ["init", "--quiet", own]);
  const before = await readdir(join(own, ".git"));
  const { tree } = await scm.importFolder({ repository: "t/own", folder: own });
  expect(await scm.listFiles("t/own", tree)).toEqual(["package.json"]);
  expect(await readdir(join(own, ".git"))).toEqual(before);
});

test("a git repository inside the folder is refused by name, as its files would be lost", async () => {
  const outer = await folder("with-repository", { "package.json": "{}" });
  const inner = await folder("with-repository/vendored", { "x.js": "1" });
  await run("git", ["init", "--quiet", inner]);
  await run("git", ["-C", inner, "add", "."]);
  await run("git", [
    "-C",
    inner,
    "-c",
    "user.name=x",
    "-c",
    "user.email=x@x",
    "commit",
    "--quiet",
    "-m",
    "x",
  ]);
  await expect(scm.importFolder({ repository: "t/outer", folder: outer })).rejects.toThrow(
    /ModuleInvalid: vendored in .* is a git repository of its own/,
  );
});

test("our own data folder inside the module is left out", async () => {
  const made = await folder("with-data", { "package.json": "{}" });
  const inside = createGitSourceControl({ root: join(made, "data", "repositories") });
  for (const attempt of ["first", "second"]) {
    const { tree } = await inside.importFolder({ repository: "t/module", folder: made });
    expect(await inside.listFiles("t/module", tree), attempt).toEqual(["package.json"]);
  }
});

test("an imported tree outlives garbage collection", async () => {
  const made = await folder("collected", { "package.json": '{"name":"collected"}' });
  const { tree } = await scm.importFolder({ repository: "t/collected", folder: made });
  await run("git", ["--git-dir", scm.location("t/collected"), "gc", "--quiet", "--prune=now"]);
  expect(await scm.listFiles("t/collected", tree)).toEqual(["package.json"]);
});

test("the user's hooks, signing, identity and line end settings change nothing", async () => {
  const first = await commit("t/plain", "i-1");
  const hooks = await folder("hooks", {});
  const settings = [
    "[commit]",
    "gpgsign = true",
    "[core]",
    "autocrlf = true",
    `hooksPath = ${hooks}`,
    "[user]",
    "name = Nobody",
  ].join("\n");
  await writeFile(join(hooks, "reference-transaction"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  await writeFile(join(place, "gitconfig"), settings);
  vi.stubEnv("GIT_CONFIG_GLOBAL", join(place, "gitconfig"));
  vi.stubEnv("GIT_DIR", "/nowhere");
  vi.stubEnv("GIT_AUTHOR_NAME", "Somebody");
  try {
    expect((await commit("t/configured", "i-1")).commit).toBe(first.commit);
  } finally {
    vi.unstubAllEnvs();
  }
});

test("a ref's lock that a killed git left behind does not block", async () => {
  await commit("t/locked", "i-1");
  const gitDir = scm.location("t/locked");
  const longAgo = new Date(Date.now() - 60_000);
  for (const lock of ["refs/heads/main.lock", "HEAD.lock"]) {
    await writeFile(join(gitDir, lock), "");
    await utimes(join(gitDir, lock), longAgo, longAgo);
  }
  expect((await commit("t/locked", "i-2", "b.txt")).changed).toBe(true);
});

test("a lock that is held now is waited for", async () => {
  await commit("t/held", "i-1");
  const lock = join(scm.location("t/held"), "refs/heads/main.lock");
  await writeFile(lock, "");
  const landing = commit("t/held", "i-2", "b.txt");
  const first = await Promise.race([landing.then(() => "landed"), rm(lock).then(() => "released")]);
  expect(first).toBe("released");
  expect((await landing).changed).toBe(true);
});

test("what killed processes left behind does not block, and is swept once it is old enough", async () => {
  const made = await folder("after-kill", { "package.json": "{}" });
  const importInto = (repository: string) => scm.importFolder({ repository, folder: made });
  await commit("t/after-kill", "i-1");
  const gitDir = scm.location("t/after-kill");
  const call = join(root, ".scratch", "call-killed");
  const objects = join(gitDir, "objects");
  const left = [
    join(call, "repository.git"),
    join(objects, "tmp_objdir-incoming-x"),
    ...["tmp_pack_x", "tmp_idx_x", ".tmp-1-pack-x"].map((name) => join(objects, "pack", name)),
    join(gitDir, "refs", "fetches", "x"),
  ];
  for (const place of left) await mkdir(place, { recursive: true });
  await writeFile(join(call, "index.lock"), "");
  const isLeft = (places: string[]) => places.filter((place) => existsSync(place));
  await importInto("t/after-kill");
  expect(isLeft(left)).toEqual(left);
  const backdate = async (hours: number) => {
    const before = new Date(Date.now() - hours * 60 * 60_000);
    for (const place of [call, ...left]) if (existsSync(place)) await utimes(place, before, before);
  };
  const laterBy = (hours: number) =>
    sweepLeftOvers(root, locate(root, "t/after-kill"), new Date(Date.now() + hours * 60 * 60_000));
  await laterBy(2);
  expect(isLeft(left)).toEqual(left.slice(0, -1));
  await backdate(48);
  await laterBy(4);
  expect(isLeft(left)).toEqual([]);
  expect((await commit("t/after-kill", "i-2", "b.txt")).changed).toBe(true);
});

test("commits of several processes to one branch all land", async () => {
  const script = `
    import { createGitSourceControl } from ${JSON.stringify(join(import.meta.dirname, "git-source-control.ts"))};
    const [root, name] = process.argv.slice(-2);
    const made = await createGitSourceControl({ root }).commit({
      repository: "t/shared", branch: "main", base: "main", content: { files: [{ path: name, content: name }] },
      subject: "feat: add " + name, trailers: {}, author: { name: "A", email: "a@example.invalid" },
      at: "2025-05-23T10:00:00.000Z", invocationId: name,
    });
    console.log(made.commit);`;
  const names = ["a", "b", "c", "d"];
  await Promise.all(
    names.map((name) => run(process.execPath, ["--input-type=module", "-e", script, "--", root, name])),
  );
  expect(await scm.listFiles("t/shared", "main")).toEqual(names);
});

test("a process that is killed at any moment loses no commit that it reported and makes none twice", async () => {
  const names = Array.from({ length: 10 }, (_, index) => `file-${index}`);
  const script = `
    import { createGitSourceControl } from ${JSON.stringify(join(import.meta.dirname, "git-source-control.ts"))};
    const scm = createGitSourceControl({ root: process.argv.at(-1) });
    for (const name of ${JSON.stringify(names)}) {
      await scm.commit({
        repository: "t/killed", branch: "trace/t-1/killed", base: "main",
        content: { files: [{ path: name, content: name }] }, subject: "feat: add " + name, trailers: {},
        author: { name: "A", email: "a@example.invalid" }, at: "2025-05-23T10:00:00.000Z", invocationId: name,
      });
      console.log(name);
    }`;
  const reported = new Set<string>();
  // Killed after one more commit in each round, a little later within the next one each time.
  for (let round = 0; reported.size < names.length; round += 1) {
    const child = spawn(process.execPath, ["--input-type=module", "-e", script, "--", root]);
    const fresh = new Promise<void>((resolve) => {
      child.stdout.on("data", (chunk: Buffer) => {
        const words = chunk.toString("utf8").trim().split("\n");
        if (words.some((word) => !reported.has(word))) setTimeout(resolve, round * 4);
        for (const word of words) reported.add(word);
      });
      child.on("close", () => resolve());
    });
    await fresh;
    child.kill("SIGKILL");
    const held = await scm.listFiles("t/killed", "trace/t-1/killed");
    expect([...reported].filter((name) => !held.includes(name))).toEqual([]);
  }
  const { stdout } = await run("git", [
    ...["--git-dir", scm.location("t/killed"), "log", "trace/t-1/killed", "--not", "main"],
    "--format=%(trailers:key=Invocation-Id,valueonly)",
  ]);
  const made = stdout.split("\n").filter((line) => line !== "");
  expect(made.toReversed()).toEqual(names);
});

test("imports and roll-ups that are killed at any moment leave a sound repository, and the next import works", async () => {
  const script = `
    import { mkdirSync, writeFileSync } from "node:fs";
    import { createGitSourceControl } from ${JSON.stringify(join(import.meta.dirname, "git-source-control.ts"))};
    import { rollUpPacks } from ${JSON.stringify(join(import.meta.dirname, "roll-up-packs.ts"))};
    const [root, folder] = process.argv.slice(-2);
    const scm = createGitSourceControl({ root });
    const repository = "t/killed-import";
    for (let index = 0; ; index += 1) {
      writeFileSync(folder + "/number", process.pid + "-" + index);
      const { tree } = await scm.importFolder({ repository, folder });
      console.log(tree);
      if (index % 3 === 2) await rollUpPacks({ name: repository, gitDir: scm.location(repository) }, { mostPacks: 1 });
    }`;
  const made = await folder("killed-import", { "package.json": "{}" });
  await mkdir(join(made, "src"));
  for (let index = 0; index < 40; index += 1)
    await writeFile(join(made, "src", `${index}.ts`), `${index}\n`.repeat(index * 50));
  const reported = new Set<string>();
  for (let round = 0; round < 20; round += 1) {
    const child = spawn(process.execPath, ["--input-type=module", "-e", script, "--", root, made]);
    const some = new Promise<void>((resolve) => {
      let lines = 0;
      child.stdout.on("data", (chunk: Buffer) => {
        for (const tree of chunk.toString("utf8").trim().split("\n")) reported.add(tree);
        lines += 1;
        // A little later within the next import or roll-up each time.
        if (lines === 1 + (round % 4)) setTimeout(resolve, (round * 7) % 40);
      });
      child.on("close", () => resolve());
    });
    const ended = new Promise((resolve) => child.once("close", resolve));
    await some;
    child.kill("SIGKILL");
    await ended;
  }
  // A git that the killed one had started may still be at work; it harms nobody.
  const { stderr } = await run("git", ["--git-dir", scm.location("t/killed-import"), "fsck", "--strict"]);
  expect(stderr).not.toMatch(/error|missing|broken/);
  for (const tree of reported) expect(await scm.listFiles("t/killed-import", tree)).toHaveLength(42);
  const { tree } = await scm.importFolder({ repository: "t/killed-import", folder: made });
  expect(await scm.listFiles("t/killed-import", tree)).toHaveLength(42);
});

test("a file that is written to while it is read is refused, or stored as it was read", async () => {
  const made = await folder("changing", { "package.json": "{}" });
  const file = join(made, "changing.txt");
  const contents = ["a".repeat(3_000_000), "b".repeat(1_000)];
  await writeFile(file, String(contents[0]));
  const script = `
    const { truncateSync, writeFileSync } = require("node:fs");
    process.stdout.write("ready");
    for (;;) { writeFileSync(process.argv[1], "b".repeat(1000)); writeFileSync(process.argv[1], "a".repeat(3000000)); }`;
  const writer = spawn(process.execPath, ["-e", script, file]);
  await new Promise((resolve) => writer.stdout.once("data", resolve));
  try {
    for (let round = 0; round < 20; round += 1) {
      const ended = await scm.importFolder({ repository: "t/changing", folder: made }).catch(String);
      if (typeof ended === "string") {
        expect(ended).toMatch(/ModuleInvalid: changing\.txt in .* changes while it is read/);
        continue;
      }
      // What the id says is what is stored, whatever the file held at that moment.
      await run("git", ["--git-dir", scm.location("t/changing"), "fsck", "--strict", ended.tree]);
    }
  } finally {
    writer.kill("SIGKILL");
  }
});

test.each([
  ["a few files", 30],
  ["so many files that they go through git", 5_001],
])("a folder of %s has the tree that git gives it, whoever lists it", async (_, count) => {
  const made = await folder(`many-${count}`, { "-dash": "x", "ü.bin": "\0", "a.b": "x", "a-b": "x" });
  for (const inner of ["a", "a/é", "b"]) await mkdir(join(made, inner), { recursive: true });
  for (let index = 0; index < count; index += 1)
    writeFileSync(join(made, index % 2 ? "a/é" : "b", `${index}`), `${index}\n`, {
      mode: index % 3 ? 0o644 : 0o755,
    });
  await symlink("../b/0", join(made, "a/link"));
  const walked = await scm.importFolder({ repository: `t/walked-${count}`, folder: made });
  const listing = `t/listed-${count}`;
  await commit(listing, "i-1");
  await mkdir(join(scm.location(listing), "info"), { recursive: true });
  await writeFile(join(scm.location(listing), "info", "exclude"), "*.nowhere\n");
  expect(await scm.importFolder({ repository: listing, folder: made })).toEqual(walked);
  const work = ["-C", made, "-c", "core.autocrlf=false"];
  await run("git", ["init", "--quiet", made]);
  await run("git", [...work, "add", "--all"]);
  expect((await run("git", [...work, "write-tree"])).stdout.trim()).toBe(walked.tree);
  for (const repository of [`t/walked-${count}`, listing])
    await run("git", ["--git-dir", scm.location(repository), "fsck", "--strict"]);
});

test("the credentials of a remote are not repeated in a refusal", async () => {
  const url = "http://robot:s3cret@127.0.0.1:1/repository.git";
  const refused = await scm.importRemote({ repository: "t/remote", url }).catch(String);
  expect(refused).toMatch(/ModuleInvalid: HEAD of http:\/\/127\.0\.0\.1:1/);
  expect(refused).not.toContain("s3cret");
});

test("a git that is too old is named, and a newer one is not", () => {
  expect(() => checkGitVersion("git version 2.34.1")).toThrow(/"git version 2.34.1" is too old.*2\.38/);
  expect(() => checkGitVersion("git version 1.9.0")).toThrow(/too old/);
  for (const answer of ["git version 2.38.0", "git version 2.39.5 (Apple Git-154)", "git version 3.0.1"])
    expect(() => checkGitVersion(answer)).not.toThrow();
});

test("a git that is not there is refused with what to install", async () => {
  vi.stubEnv("PATH", place);
  try {
    await expect(createGitSourceControl({ root }).tip("t/plain", "main")).rejects.toThrow(/Unavailable/);
  } finally {
    vi.unstubAllEnvs();
  }
});

test("a circle of links counts as leading out", () => {
  const links = new Map([
    ["a", "b"],
    ["b", "a"],
    ["c", "d/../x"],
  ]);
  expect(staysInside("a", links)).toBe(false);
  expect(staysInside("c", links)).toBe(true);
});
