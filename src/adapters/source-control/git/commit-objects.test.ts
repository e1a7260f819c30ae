/** Objects that are made in memory are git's own, byte for byte, and are found again whoever wrote meanwhile. */
import { execFile } from "node:child_process";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CommitRequest, SourceControl } from "../../../ports/source-control.ts";
import { identity } from "./commit-message.ts";
import { createGitSourceControl } from "./git-source-control.ts";
import { locate } from "./repository.ts";
import { runGit } from "./run-git.ts";
import { writeCommit } from "./write-commit.ts";

let place: string;
let root: string;
let scm: SourceControl;

beforeAll(async () => {
  place = await realpath(await mkdtemp(join(tmpdir(), "git-commit-objects-")));
  root = join(place, "repositories");
  scm = createGitSourceControl({ root });
});
afterAll(() => rm(place, { recursive: true, force: true }));

function request(repository: string, invocationId: string, over: Partial<CommitRequest> = {}): CommitRequest {
  return {
    ...{ repository, branch: "main", base: "main", subject: "feat: ü", trailers: {}, invocationId },
    content: { files: [{ path: `${invocationId}.txt`, content: invocationId }] },
    author: { name: ' "Code, Committer". ', email: "code-committer@example.invalid" },
    committer: { name: "Röbot", email: "robot@example.invalid" },
    at: "2025-05-23T10:00:00.000Z",
    ...over,
  };
}

async function git(repository: string, ...args: string[]): Promise<string> {
  const { stdout } = await runGit(args, { gitDir: scm.location(repository) });
  return stdout.toString("utf8").trim();
}

test("a commit is the one that git makes of the same words", async () => {
  const first = await scm.commit(request("t/same", "i-1"));
  const asked = request("t/same", "i-2", { body: "Why.\n\nMore." });
  const made = await scm.commit(asked);
  const message = `${await git("t/same", "log", "-1", "--format=%B", "main")}\n`;
  const { author, committer = author, at } = asked;
  const { stdout } = await runGit(["commit-tree", "-p", first.commit, "-F", "-", made.tree], {
    gitDir: scm.location("t/same"),
    input: message,
    env: {
      ...identity(author, at),
      GIT_COMMITTER_NAME: committer.name,
      GIT_COMMITTER_EMAIL: committer.email,
    },
  });
  expect(made.commit).toBe(stdout.toString("utf8").trim());
});

test("a tree with every kind of neighbour is sorted as git sorts it, and is sound", async () => {
  const paths = ["a", "a.b", "a-b", "a0", "ab/c", "ab.c", "ab-c", "ab0", "Z", "ü", "z/ü/日本"];
  const content = { files: paths.map((path) => ({ path, content: path, executable: path === "a0" })) };
  const made = await scm.commit(request("t/sorted", "i-1", { content }));
  expect((await scm.listFiles("t/sorted", made.commit)).toSorted()).toEqual(paths.toSorted());
  expect(await git("t/sorted", "fsck", "--strict", "--no-dangling")).toBe("");
  expect(await git("t/sorted", "ls-tree", "main", "a0")).toMatch(/^100755/);
});

test("a large commit becomes one pack and is sound", async () => {
  const files = Array.from({ length: 300 }, (_, index) => ({
    path: `d${index % 7}/f${index}`,
    content: "x".repeat(index * 40),
  }));
  await scm.commit(request("t/packed", "i-1", { content: { files } }));
  expect(await git("t/packed", "count-objects", "-v")).toMatch(/^count: 0\n(.*\n)*packs: 1\n/);
  expect(await git("t/packed", "fsck", "--strict")).toBe("");
});

test("small packs are rolled up, and nothing is lost by it", async () => {
  for (let index = 0; index < 110; index += 1) await scm.commit(request("t/small", `i-${index}`));
  const packs = /packs: (\d+)/.exec(await git("t/small", "count-objects", "-v"))?.[1];
  expect(Number(packs)).toBeLessThanOrEqual(101);
  expect(await git("t/small", "fsck", "--strict")).toBe("");
  expect(await scm.listFiles("t/small", "main")).toHaveLength(110);
});

test("what is taken away and laid over in one request is done in this order", async () => {
  const tree = async (content: CommitRequest["content"], id: string) =>
    await scm.listFiles("t/order", (await scm.commit(request("t/order", id, { content }))).commit);
  const files = (...paths: string[]) => paths.map((path) => ({ path, content: path }));
  await tree({ files: files("d/old", "f") }, "i-1");
  expect(await tree({ files: files("d/new", "g"), remove: ["d", "f/inside", "absent/x"] }, "i-2")).toEqual([
    "d/new",
    "f",
    "g",
  ]);
  expect(await tree({ files: [], remove: ["d/new"] }, "i-3")).toEqual(["f", "g"]);
});

test("calls that wait together are commits of their own, and one that is refused takes nobody with it", async () => {
  await scm.commit(request("t/together", "i-0"));
  const absent = { content: { tree: "1".repeat(40) } };
  const asked = Array.from({ length: 40 }, (_, index) =>
    scm.commit(request("t/together", `i-${index % 20}`, index === 25 ? absent : {})),
  );
  const made = await Promise.allSettled([...asked, scm.commit(request("t/together", "i-bad", absent))]);
  expect(made.filter(({ status }) => status === "rejected")).toHaveLength(1);
  const landed = await scm.log({ repository: "t/together", to: "main" });
  expect(landed.map(({ trailers }) => trailers["Invocation-Id"]).toSorted()).toEqual(
    Array.from({ length: 20 }, (_, index) => `i-${index}`).toSorted(),
  );
  const answers = made.flatMap((one) => (one.status === "fulfilled" ? [one.value.commit] : []));
  expect(new Set(answers)).toEqual(new Set(landed.map(({ commit }) => commit)));
});

test("an invocation is found below commits of others, below many of them, and not where history was rewritten", async () => {
  const first = await scm.commit(request("t/line", "i-1"));
  const gitDir = scm.location("t/line");
  for (const more of [3, 100]) {
    const tip = await git("t/line", "rev-parse", "main");
    const lines = Array.from(
      { length: more },
      (_, index) =>
        `commit refs/heads/main\ncommitter x <x> ${index} +0000\ndata 1\nx\n${index === 0 ? `from ${tip}\n` : ""}\n`,
    );
    await runGit(["fast-import", "--quiet"], { gitDir, input: lines.join("") });
    expect(await scm.commit(request("t/line", "i-1"))).toEqual(first);
  }
  const other = createGitSourceControl({ root });
  expect(await other.commit(request("t/line", "i-1"))).toEqual(first);
  const empty = await writeCommit(locate(root, "t/line"), {
    ...{ tree: first.tree, parents: [], message: "new start\n", at: "2025-05-23T10:00:00Z" },
    author: { name: "x", email: "x@example.invalid" },
  });
  await git("t/line", "update-ref", "refs/heads/main", empty);
  const again = await scm.commit(
    request("t/line", "i-1", { content: { files: [{ path: "b", content: "b" }] } }),
  );
  expect(again).toMatchObject({ changed: true, parents: [empty] });
});

test("several processes with many calls each land all of them on one branch", async () => {
  const script = `
    import { createGitSourceControl } from ${JSON.stringify(join(import.meta.dirname, "git-source-control.ts"))};
    const [root, name] = process.argv.slice(-2);
    const scm = createGitSourceControl({ root });
    const made = await Promise.all(Array.from({ length: 25 }, (_, index) => scm.commit({
      repository: "t/crowd", branch: "main", base: "main", subject: "feat: x", trailers: {}, invocationId: name + index,
      content: { files: [{ path: (index % 2 ? "own-" + name : "shared") + "/" + name + index, content: name }] },
      author: { name: "A", email: "a@example.invalid" }, at: "2025-05-23T10:00:00.000Z",
    })));
    console.log(new Set(made.map((one) => one.commit)).size);`;
  const names = ["a", "b", "c"];
  const runs = names.map((name) =>
    promisify(execFile)(process.execPath, ["--input-type=module", "-e", script, "--", root, name]),
  );
  expect((await Promise.all(runs)).map(({ stdout }) => stdout.trim())).toEqual(["25", "25", "25"]);
  expect(await scm.listFiles("t/crowd", "main")).toHaveLength(75);
  expect(await git("t/crowd", "rev-list", "--count", "main")).toBe("75");
  expect(await git("t/crowd", "fsck", "--strict", "--no-dangling")).toBe("");
});
