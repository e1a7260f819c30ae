/** What every source control keeps to; called by the test of each adapter. */
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RefusalError } from "../domain/refusal.ts";
import type { CommitOntoRequest, CommitRequest, MergeRequest, SourceControl } from "./source-control.ts";

export interface SourceControlUnderTest {
  sourceControl: SourceControl;
  stop(): Promise<void>;
}

export function sourceControlConformance(name: string, create: () => Promise<SourceControlUnderTest>): void {
  describe(`${name} as source control`, () => {
    let subject: SourceControlUnderTest;
    let scm: SourceControl;
    let folders: string;
    let count = 0;

    beforeAll(async () => {
      subject = await create();
      scm = subject.sourceControl;
      folders = await realpath(await mkdtemp(join(tmpdir(), "source-control-")));
    });
    afterAll(async () => {
      await subject.stop();
      await rm(folders, { recursive: true, force: true });
    });

    /** A repository that no other test knows. */
    const repository = () => `tenant-${++count}/booking-service`;

    async function folder(files: Record<string, string | Uint8Array>): Promise<string> {
      const place = join(folders, `folder-${++count}`);
      await mkdir(place);
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(place, path)), { recursive: true });
        await writeFile(join(place, path), content);
      }
      return place;
    }

    const commit = (repo: string, id: string, over: Partial<CommitRequest> = {}) =>
      scm.commit(commitRequest(repo, id, over));
    const merge = (repo: string, id: string, over: Partial<MergeRequest> = {}) =>
      scm.merge({ ...mergeRequest(repo, id), ...over });

    describe("importing a folder", () => {
      test("takes every file with its exact bytes, in subfolders, binary or with foreign line ends", async () => {
        const repo = repository();
        const bytes = Uint8Array.from({ length: 512 }, (_, index) => index % 256);
        const place = await folder({
          "package.json": "{}\r\n",
          ".gitattributes": "* text eol=lf\n",
          "a/b/with space ü.txt": "x",
          "blob.bin": bytes,
        });
        const { tree } = await scm.importFolder({ repository: repo, folder: place });
        expect(await scm.listFiles(repo, tree)).toEqual([
          ".gitattributes",
          "a/b/with space ü.txt",
          "blob.bin",
          "package.json",
        ]);
        const { commit: id } = await commit(repo, "i-1", { content: { tree } });
        const out = join(folders, `out-${++count}`);
        await scm.checkout(repo, id, out);
        expect(await readFile(join(out, "blob.bin"))).toEqual(Buffer.from(bytes));
        expect(await readFile(join(out, "package.json"), "utf8")).toBe("{}\r\n");
      });

      test("gives the same tree for the same content and moves no branch", async () => {
        const repo = repository();
        const place = await folder({ "package.json": "{}" });
        const first = await scm.importFolder({ repository: repo, folder: place });
        expect(await scm.importFolder({ repository: repo, folder: place })).toEqual(first);
        expect(await scm.tip(repo, "main")).toBeUndefined();
      });

      test("keeps to .gitignore and always leaves out node_modules, also where .gitignore asks for it", async () => {
        const repo = repository();
        const place = await folder({
          ".gitignore": "*.log\n!node_modules\n!node_modules/**\n",
          "server.js": "1",
          "debug.log": "secret",
          "sub/.gitignore": "private\n",
          "sub/private/key": "secret",
          "node_modules/left-pad/index.js": "1",
          "sub/node_modules/left-pad/index.js": "1",
        });
        const { tree } = await scm.importFolder({ repository: repo, folder: place });
        expect(await scm.listFiles(repo, tree)).toEqual([".gitignore", "server.js", "sub/.gitignore"]);
      });

      test("keeps executable bits and links that stay inside", async () => {
        const repo = repository();
        const place = await folder({ "bin/run": "#!/bin/sh\n", "package.json": '{"name":"x"}' });
        await chmod(join(place, "bin/run"), 0o755);
        await symlink("../package.json", join(place, "bin/about.json"));
        const { tree } = await scm.importFolder({ repository: repo, folder: place });
        const { commit: id } = await commit(repo, "i-1", { content: { tree } });
        const out = join(folders, `out-${++count}`);
        await scm.checkout(repo, id, out);
        expect((await stat(join(out, "bin/run"))).mode & 0o111).toBe(0o111);
        expect((await stat(join(out, "package.json"))).mode & 0o111).toBe(0);
        expect(await readFile(join(out, "bin/about.json"), "utf8")).toBe('{"name":"x"}');
        expect(await scm.readFiles(repo, tree, ["bin/about.json"])).toEqual({
          "bin/about.json": '{"name":"x"}',
        });
      });

      test.each([
        ["/etc/passwd", "an absolute link"],
        ["../../outside", "a link that climbs out"],
        ["up/../../outside", "a link that climbs out behind another link"],
      ])("refuses %s, %s, by name", async (target) => {
        const place = await folder({ "package.json": "{}", "sub/file": "1" });
        await symlink("..", join(place, "sub/up"));
        await symlink(target, join(place, "sub/leak"));
        const refusal = await refusalOf(scm.importFolder({ repository: repository(), folder: place }));
        expect(refusal.code).toBe("ModuleInvalid");
        expect(refusal.message).toContain("sub/leak");
      });

      test("refuses a folder that is absent, is a file, or is empty, and says what to do", async () => {
        const file = join(await folder({ "package.json": "{}" }), "package.json");
        const empty = await folder({});
        const ignored = await folder({ "node_modules/x/index.js": "1" });
        for (const place of [join(folders, "absent"), file, empty, ignored]) {
          const refusal = await refusalOf(scm.importFolder({ repository: repository(), folder: place }));
          expect(refusal.code).toBe("ModuleInvalid");
          expect(refusal.message).toContain(place);
          expect(refusal.next).toBeTruthy();
        }
      });
    });

    describe("committing", () => {
      test("starts an empty repository and a new branch from the base", async () => {
        const repo = repository();
        const made = await commit(repo, "i-1");
        const main = await scm.tip(repo, "main");
        expect(made).toMatchObject({
          branch: "trace/t-1/booking-service",
          changed: true,
          parents: [main?.commit],
        });
        expect(await scm.listFiles(repo, "main")).toEqual([]);
        expect(await scm.tip(repo, made.branch)).toEqual({ commit: made.commit, tree: made.tree });
      });

      test("finds the commit of a repeated invocation, also below newer ones", async () => {
        const repo = repository();
        const first = await commit(repo, "i-1");
        await commit(repo, "i-2", { content: files({ "b.txt": "b" }) });
        expect(await commit(repo, "i-1", { content: files({ "c.txt": "c" }) })).toEqual(first);
        expect(await scm.listFiles(repo, first.branch)).toEqual(["a.txt", "b.txt"]);
      });

      test("is not misled by an invocation id that is a part of another or stands in a body", async () => {
        const repo = repository();
        await commit(repo, "i-12", { body: "Invocation-Id: i-3" });
        const second = await commit(repo, "i-1", { content: files({ "b.txt": "b" }) });
        const third = await commit(repo, "i-3", { content: files({ "c.txt": "c" }) });
        expect(new Set([second.changed, third.changed])).toEqual(new Set([true]));
      });

      test("makes the same commit for the same request in another repository", async () => {
        const [one, two] = [repository(), repository()];
        expect((await commit(one, "i-1")).commit).toBe((await commit(two, "i-1")).commit);
      });

      test("makes no commit where the content is there already", async () => {
        const repo = repository();
        const first = await commit(repo, "i-1");
        const again = await commit(repo, "i-2");
        expect(again).toMatchObject({ commit: first.commit, tree: first.tree, changed: false });
        const branched = await commit(repo, "i-3", {
          branch: "trace/t-2/booking-service",
          base: first.branch,
          content: { tree: first.tree },
        });
        expect(branched).toMatchObject({ commit: first.commit, changed: false });
        expect(await scm.tip(repo, "trace/t-2/booking-service")).toEqual({
          commit: first.commit,
          tree: first.tree,
        });
      });

      test("lays files over the tip, replaces a file by a folder and keeps the rest", async () => {
        const repo = repository();
        await commit(repo, "i-1", { content: files({ "a.txt": "a", conf: "file" }) });
        const next = await commit(repo, "i-2", { content: files({ "conf/app.yaml": "x: 1" }) });
        expect(await scm.listFiles(repo, next.commit)).toEqual(["a.txt", "conf/app.yaml"]);
      });

      test("lands two commits at once on one branch, none of them lost", async () => {
        const repo = repository();
        await commit(repo, "i-0");
        const names = Array.from({ length: 8 }, (_, index) => `file-${index}.txt`);
        const made = await Promise.all(
          names.map((name) => commit(repo, `i-${name}`, { content: files({ [name]: name }) })),
        );
        expect(new Set(made.map((one) => one.commit)).size).toBe(names.length);
        expect(await scm.listFiles(repo, "trace/t-1/booking-service")).toEqual(["a.txt", ...names]);
      });

      test("makes one commit of one invocation that runs twice at once, in a repository that is not there yet", async () => {
        const repo = repository();
        const [one, two] = await Promise.all([commit(repo, "i-1"), commit(repo, "i-1")]);
        expect(one.commit).toBe(two.commit);
        expect(one.parents).toHaveLength(1);
      });

      test.each([
        ["--upload-pack=touch /tmp/x", "branch"],
        ["a..b", "branch"],
        ["a/.hidden", "branch"],
        ["x.lock", "branch"],
        ["", "branch"],
      ])("refuses the branch %j by name", async (branch, word) => {
        const refusal = await refusalOf(commit(repository(), "i-1", { branch }));
        expect(refusal.code).toBe("InputInvalid");
        expect(refusal.message).toContain(word);
      });

      test.each(["../x/y", "a", "a/b/c", "A/b", "a/b.git", "-a/b", "a/../../etc"])(
        "refuses the repository %j by name",
        async (repo) => {
          expect((await refusalOf(commit(repo, "i-1"))).message).toContain("repository");
          expect((await refusalOf(scm.tip(repo, "main"))).message).toContain("repository");
        },
      );

      test.each(["../x", "/etc/passwd", ".git/config", "a/.GIT/hooks/x", "a//b", "-x"])(
        "refuses the path %j by name",
        async (path) => {
          const refusal = await refusalOf(commit(repository(), "i-1", { content: files({ [path]: "x" }) }));
          expect(refusal).toMatchObject({ code: "InputInvalid", message: expect.stringContaining("path") });
        },
      );

      test("starts two branches in a repository that is not there yet, however soon after each other", async () => {
        for (let apartMs = 0; apartMs < 40; apartMs += 1) {
          const repo = repository();
          const started = async (branch: string) => await commit(repo, branch, { branch, base: "trunk" });
          const one = started("trace/one");
          await pause(apartMs);
          expect((await started("trace/two")).parents).toEqual((await one).parents);
        }
      });

      test("refuses a subject or trailer of several lines", async () => {
        const twoLines = "feat: x\n\nTrace-Id: forged";
        expect((await refusalOf(commit(repository(), "i-1", { subject: twoLines }))).code).toBe(
          "CommitMessageInvalid",
        );
        const trailers = { "Trace-Id": twoLines };
        expect((await refusalOf(commit(repository(), "i-1", { trailers }))).code).toBe(
          "CommitMessageInvalid",
        );
      });

      test("refuses a base that a repository with branches does not have", async () => {
        const repo = repository();
        await commit(repo, "i-1");
        const refusal = await refusalOf(commit(repo, "i-2", { branch: "other", base: "develop" }));
        expect(refusal).toMatchObject({ code: "NotFound", message: expect.stringContaining("main") });
      });

      test("refuses a tree that was never imported", async () => {
        const refusal = await refusalOf(commit(repository(), "i-1", { content: { tree: "1".repeat(40) } }));
        expect(refusal.code).toBe("NotFound");
      });
    });

    describe("committing what was made for something", () => {
      const onto = (repo: string, id: string, over: Partial<CommitOntoRequest>) =>
        scm.commitOnto({ ...commitRequest(repo, id, over), onto: { commit: undefined }, ...over });

      test("makes the commit where that is there unchanged, and none where something else came in between", async () => {
        const repo = repository();
        const first = await onto(repo, "i-1", { onto: { commit: undefined } });
        if (first.status !== "committed") throw new Error(first.status);
        expect(first.commit.changed).toBe(true);
        const planned = { content: files({ "b.txt": "b" }), onto: { commit: first.commit.commit } };
        const theirs = await commit(repo, "hand-1", { content: files({ "a.txt": "theirs" }) });
        expect(await onto(repo, "i-2", planned)).toEqual({ status: "moved", tip: theirs.commit });
        expect((await scm.tip(repo, first.commit.branch))?.commit).toBe(theirs.commit);
        const again = await onto(repo, "i-2", { ...planned, onto: { commit: theirs.commit } });
        expect(again).toMatchObject({ status: "committed", commit: { parents: [theirs.commit] } });
        expect(await scm.readFiles(repo, first.commit.branch, ["a.txt", "b.txt"])).toEqual({
          "a.txt": "theirs",
          "b.txt": "b",
        });
      });

      test("finds the commit of a repeated call wherever the branch is by now", async () => {
        const repo = repository();
        const first = await onto(repo, "i-1", { onto: { commit: undefined } });
        await commit(repo, "hand-1", { content: files({ "a.txt": "theirs" }) });
        expect(await onto(repo, "i-1", { onto: { commit: undefined } })).toEqual(first);
      });

      test("is not made over what somebody started the base with", async () => {
        const repo = repository();
        const theirs = await commit(repo, "hand-1", {
          branch: "main",
          content: files({ "a.txt": "theirs" }),
        });
        const asked = { content: files({ "a.txt": "ours" }), onto: { commit: undefined, folder: "apps" } };
        expect(await onto(repo, "i-1", asked)).toEqual({ status: "moved", tip: undefined });
        expect(await scm.tip(repo, "trace/t-1/booking-service")).toBeUndefined();
        const again = await onto(repo, "i-1", { ...asked, onto: { commit: theirs.commit } });
        expect(again).toMatchObject({ status: "committed", commit: { parents: [theirs.commit] } });
      });

      test("looks at one folder and at what is replaced, so that others move on beside it", async () => {
        const repo = repository();
        const start = await commit(repo, "i-0", { content: files({ "apps/a/x": "1", "apps/b/x": "1" }) });
        const made = { commit: start.commit, folder: "apps/a" };
        const beside = await commit(repo, "hand-1", { content: files({ "apps/b/x": "2", ci: "theirs" }) });
        const tree = await scm.writeTree(repo, [{ path: "x", content: "2" }]);
        const asked = { content: { tree, folder: "apps/a" }, onto: made };
        expect(await onto(repo, "i-1", asked)).toMatchObject({
          status: "committed",
          commit: { parents: [beside.commit] },
        });
        const moved = { status: "moved", tip: (await scm.tip(repo, beside.branch))?.commit };
        expect(await onto(repo, "i-2", asked)).toEqual(moved);
        const inner = { commit: start.commit, folder: "apps/c" };
        for (const content of [files({ "ci/app.yaml": "x" }), files({ "apps/b/x": "3" })])
          expect(await onto(repo, "i-3", { content, onto: inner })).toEqual(moved);
      });

      test("lands one of two that were made for the same at once", async () => {
        const repo = repository();
        const start = await commit(repo, "i-0");
        const asked = ["1", "2", "3", "4"].map((id) =>
          onto(repo, `i-${id}`, { content: files({ "a.txt": id }), onto: { commit: start.commit } }),
        );
        const landed = (await Promise.all(asked)).filter(({ status }) => status === "committed");
        expect(landed).toHaveLength(1);
      });
    });

    describe("folders of a monorepo", () => {
      test("replaces one folder by a tree and keeps what lies beside it", async () => {
        const repo = repository();
        await commit(repo, "i-1", {
          content: files({ "README.md": "r", "apps/a/old.txt": "1", "apps/b/b.txt": "b" }),
        });
        const tree = await scm.writeTree(repo, [{ path: "src/new.js", content: "2" }]);
        const made = await commit(repo, "i-2", { content: { tree, folder: "apps/a" } });
        expect(await scm.listFiles(repo, made.commit)).toEqual([
          "README.md",
          "apps/a/src/new.js",
          "apps/b/b.txt",
        ]);
        expect(await scm.subtree(repo, made.commit, "apps/a")).toBe(tree);
        expect(await commit(repo, "i-3", { content: { tree, folder: "apps/a" } })).toMatchObject({
          commit: made.commit,
          changed: false,
        });
      });

      test("puts a folder where a file was, and in a repository that is empty", async () => {
        const repo = repository();
        const tree = await scm.writeTree(repo, [{ path: "x.txt", content: "x" }]);
        const first = await commit(repo, "i-1", { content: { tree, folder: "apps/x" } });
        expect(await scm.listFiles(repo, first.commit)).toEqual(["apps/x/x.txt"]);
        const second = await commit(repo, "i-2", { content: { tree, folder: "apps/x/x.txt/deep" } });
        expect(await scm.listFiles(repo, second.commit)).toEqual(["apps/x/x.txt/deep/x.txt"]);
      });

      test("finds the tree of a folder, and none of what is no folder", async () => {
        const repo = repository();
        const made = await commit(repo, "i-1", { content: files({ "a/b/c.txt": "c", "a*": "star" }) });
        expect(await scm.subtree(repo, made.branch, "")).toBe(made.tree);
        const inner = await scm.subtree(repo, made.commit, "a/b");
        expect(inner && (await scm.listFiles(repo, inner))).toEqual(["c.txt"]);
        for (const path of ["a/b/c.txt", "nope", "a*", "a/b/c.txt/d"])
          expect(await scm.subtree(repo, made.tree, path), path).toBeUndefined();
        expect((await refusalOf(scm.subtree(repo, "absent", "a"))).code).toBe("NotFound");
      });

      test("lands commits to different folders and to the same one at once, none of them lost", async () => {
        const repo = repository();
        const names = Array.from({ length: 6 }, (_, index) => `m${index}`);
        const trees = await Promise.all(
          names.map((name) => scm.writeTree(repo, [{ path: "name.txt", content: name }])),
        );
        const made = await Promise.all(
          names.flatMap((name, index) => {
            const tree = trees[index] ?? "";
            return [
              commit(repo, `own-${name}`, { branch: "main", content: { tree, folder: `apps/${name}` } }),
              commit(repo, `shared-${name}`, { branch: "main", content: { tree, folder: "apps/shared" } }),
            ];
          }),
        );
        expect(made.filter((one) => one.changed)).toHaveLength(12);
        expect(new Set(made.map((one) => one.commit)).size).toBe(12);
        const listed = await scm.listFiles(repo, "main");
        expect(listed).toEqual([...names, "shared"].map((name) => `apps/${name}/name.txt`));
        expect(await scm.log({ repository: repo, to: "main" })).toHaveLength(12);
      });

      test("takes files and folders away", async () => {
        const repo = repository();
        await commit(repo, "i-1", {
          content: files({ "a.txt": "a", "d/e.txt": "e", "d/f.txt": "f", "g.txt": "g" }),
        });
        const next = await commit(repo, "i-2", {
          content: { files: [{ path: "h.txt", content: "h" }], remove: ["a.txt", "d", "absent"] },
        });
        expect(await scm.listFiles(repo, next.commit)).toEqual(["g.txt", "h.txt"]);
      });
    });

    describe("identities", () => {
      test("tells author and committer apart", async () => {
        const repo = repository();
        const made = await commit(repo, "i-1", {
          committer: { name: "Robot", email: "robot@example.invalid" },
        });
        const plain = await commit(repository(), "i-1");
        expect(made.commit).not.toBe(plain.commit);
        const [logged] = await scm.log({ repository: repo, to: made.commit, limit: 1 });
        expect(logged?.author.name).toBe("Code Committer");
      });
    });

    describe("listing commits", () => {
      test("gives what a range holds, newest first, with body and trailers apart", async () => {
        const repo = repository();
        const first = await commit(repo, "i-1");
        const second = await commit(repo, "i-2", {
          content: files({ "b.txt": "b" }),
          subject: "fix: ü",
          body: "Why.\n\nAnd more: because.",
        });
        expect(await scm.log({ repository: repo, from: first.commit, to: second.branch })).toEqual([
          {
            commit: second.commit,
            tree: second.tree,
            parents: [first.commit],
            author: { name: "Code Committer", email: "code-committer@example.invalid" },
            at: "2025-05-23T10:00:00.000Z",
            subject: "fix: ü",
            body: "Why.\n\nAnd more: because.",
            trailers: { "Trace-Id": "t-1", "Invocation-Id": "i-2" },
          },
        ]);
        expect(await scm.log({ repository: repo, to: second.commit, limit: 1 })).toMatchObject([
          { subject: "fix: ü" },
        ]);
        expect((await refusalOf(scm.log({ repository: repo, to: "absent" }))).code).toBe("NotFound");
      });

      test("keeps the commits with these trailers only", async () => {
        const repo = repository();
        await commit(repo, "i-1", { body: "Module-Id: a" });
        const wanted = await commit(repo, "i-2", {
          content: files({ "b.txt": "b" }),
          trailers: { "Trace-Id": "t-2", "Module-Id": "a" },
        });
        await commit(repo, "i-3", { content: files({ "c.txt": "c" }), trailers: { "Module-Id": "ab" } });
        const where = { "Module-Id": "a", "Trace-Id": "t-2" };
        const found = await scm.log({ repository: repo, to: wanted.branch, where, limit: 1 });
        expect(found.map((one) => one.commit)).toEqual([wanted.commit]);
      });

      test("keeps the commits that have trailers of these names, and the newest of them where one is asked for", async () => {
        const repo = repository();
        const made: string[] = [];
        for (const [index, trailers] of [
          { "Module-Id": "a", "Source-Tree": "1" },
          { "Module-Id": "a", "Source-Tree": "2" },
          { "Module-Id": "b", "Source-Tree": "3" },
          { "Module-Id": "a", Version: "1.0.0" },
        ].entries()) {
          const content = files({ "a.txt": `Source-Tree: ${index}` });
          made.push(
            (await commit(repo, `i-${index}`, { content, trailers, body: "Source-Tree: none" })).commit,
          );
        }
        const [first, second, third] = made;
        const to = "trace/t-1/booking-service";
        const find = async (request: { where?: Record<string, string>; limit?: number }) => {
          const found = await scm.log({ repository: repo, to, whereThere: ["Source-Tree"], ...request });
          return found.map((one) => one.commit);
        };
        expect(await find({})).toEqual([third, second, first]);
        expect(await find({ where: { "Module-Id": "a" } })).toEqual([second, first]);
        expect(await find({ where: { "Module-Id": "a" }, limit: 1 })).toEqual([second]);
        expect(await find({ where: { "Module-Id": "c" }, limit: 1 })).toEqual([]);
      });
    });

    describe("combining trees", () => {
      const tree = (repo: string, contents: Record<string, string>) =>
        scm.writeTree(
          repo,
          Object.entries(contents).map(([path, content]) => ({ path, content })),
        );

      test("lays what they changed over ours", async () => {
        const repo = repository();
        const lines = "1\n2\n3\n4\n5\n6\n7\n";
        const base = await tree(repo, { "a.txt": lines, "gone.txt": "x" });
        const ours = await tree(repo, {
          "a.txt": lines.replace("1", "one"),
          "gone.txt": "x",
          "mine.txt": "m",
        });
        const theirs = await tree(repo, { "a.txt": lines.replace("7", "seven"), "new.txt": "n" });
        const combined = await scm.combine({ repository: repo, base, ours, theirs });
        const expected = { "a.txt": "one\n2\n3\n4\n5\n6\nseven\n", "mine.txt": "m", "new.txt": "n" };
        expect(combined).toEqual({ status: "combined", tree: await tree(repo, expected) });
      });

      test("shows each conflict between markers, also where one side deleted, and none of a binary file", async () => {
        const repo = repository();
        const base = await tree(repo, { "a.txt": "1\n", "b.bin": "\0a", "c.txt": "c\n", same: "s" });
        const ours = await tree(repo, { "a.txt": "2\n", "b.bin": "\0b", same: "s" });
        const theirs = await tree(repo, { "a.txt": "3\n", "b.bin": "\0c", "c.txt": "d\n", same: "s" });
        expect(await scm.combine({ repository: repo, base, ours, theirs })).toEqual({
          status: "conflict",
          files: [
            { path: "a.txt", marked: "<<<<<<< ours\n2\n=======\n3\n>>>>>>> theirs\n" },
            { path: "b.bin", marked: undefined },
            { path: "c.txt", marked: "<<<<<<< ours\n=======\nd\n>>>>>>> theirs\n" },
          ],
        });
      });

      test("takes the empty tree where there is no base", async () => {
        const repo = repository();
        const ours = await tree(repo, { "a.txt": "a" });
        const theirs = await tree(repo, { "b.txt": "b" });
        expect(await scm.combine({ repository: repo, ours, theirs })).toEqual({
          status: "combined",
          tree: await tree(repo, { "a.txt": "a", "b.txt": "b" }),
        });
      });
    });

    describe("tagging", () => {
      const tag = (repo: string, name: string, id: string) =>
        scm.tag({
          ...{ repository: repo, name, commit: id, message: "Release 1.0.0" },
          ...{ tagger: { name: "Release Manager", email: "rm@example.invalid" }, at: "2025-05-23T10:00:00Z" },
        });

      test("names a commit once and for all", async () => {
        const repo = repository();
        const first = await commit(repo, "i-1");
        const second = await commit(repo, "i-2", { content: files({ "b.txt": "b" }) });
        expect(await scm.tags(repo)).toEqual([]);
        await Promise.all([tag(repo, "v1.0.0", first.commit), tag(repo, "v1.0.0", first.commit)]);
        await tag(repo, "booking-service/v1.0.0", second.commit);
        expect(await scm.tags(repo)).toEqual([
          { name: "booking-service/v1.0.0", commit: second.commit },
          { name: "v1.0.0", commit: first.commit },
        ]);
        const refusal = await refusalOf(tag(repo, "v1.0.0", second.commit));
        expect(refusal).toMatchObject({ code: "Conflict", message: expect.stringContaining(first.commit) });
        expect((await refusalOf(tag(repo, "-d", first.commit))).code).toBe("InputInvalid");
        expect((await refusalOf(tag(repo, "v2", "1".repeat(40)))).code).toBe("NotFound");
      });
    });

    describe("merging", () => {
      test("moves the target to a merge of both, and returns it again for the same invocation", async () => {
        const repo = repository();
        const head = await commit(repo, "i-1");
        const before = await scm.tip(repo, "main");
        const first = await merge(repo, "m-1");
        expect(first).toMatchObject({
          status: "merged",
          tree: head.tree,
          parents: [before?.commit, head.commit],
        });
        expect(await merge(repo, "m-1")).toEqual(first);
        expect(await scm.tip(repo, "main")).toMatchObject({ tree: head.tree });
      });

      test("returns the merge that brought a source in, whoever made it and whatever came after", async () => {
        const repo = repository();
        await commit(repo, "i-1");
        const first = await merge(repo, "m-1");
        await commit(repo, "i-2", { branch: "main", content: files({ "later.txt": "x" }) });
        expect(await merge(repo, "m-2")).toEqual(first);
      });

      test("keeps what both sides changed", async () => {
        const repo = repository();
        await commit(repo, "i-1");
        await commit(repo, "i-2", { branch: "main", content: files({ "b.txt": "b" }) });
        const made = await merge(repo, "m-1");
        expect(made.status).toBe("merged");
        expect(await scm.listFiles(repo, "main")).toEqual(["a.txt", "b.txt"]);
      });

      test("names the paths that conflict and moves nothing", async () => {
        const repo = repository();
        await commit(repo, "i-1");
        await commit(repo, "i-2", { branch: "main", content: files({ "a.txt": "other", "b.txt": "b" }) });
        const before = await scm.tip(repo, "main");
        expect(await merge(repo, "m-1")).toEqual({ status: "conflict", paths: ["a.txt"] });
        expect(await scm.tip(repo, "main")).toEqual(before);
      });

      test("moves nothing where the merge would not have the expected tree", async () => {
        const repo = repository();
        const head = await commit(repo, "i-1");
        await commit(repo, "i-2", { branch: "main", content: files({ "b.txt": "b" }) });
        const before = await scm.tip(repo, "main");
        expect(await merge(repo, "m-1", { expectTree: head.tree })).toMatchObject({ status: "diverged" });
        expect(await scm.tip(repo, "main")).toEqual(before);
      });

      test("merges exactly the commit that is named, not what its branch has since become", async () => {
        const repo = repository();
        const head = await commit(repo, "i-1");
        await commit(repo, "i-2", { content: files({ "late.txt": "x" }) });
        expect(await merge(repo, "m-1", { source: head.commit })).toMatchObject({ tree: head.tree });
      });

      test("does not take the update of a branch for the merge of the same invocation", async () => {
        const repo = repository();
        await commit(repo, "i-1");
        await commit(repo, "i-2", { branch: "main", content: files({ "b.txt": "b" }) });
        const branch = "trace/t-1/booking-service";
        const update = await merge(repo, "m-1", { source: "main", target: branch });
        const landed = await merge(repo, "m-1");
        expect(
          landed.status === "merged" && update.status === "merged" && landed.commit !== update.commit,
        ).toBe(true);
        expect((await scm.tip(repo, "main"))?.tree).toBe((await scm.tip(repo, branch))?.tree);
      });

      test("lands merges of two branches at once", async () => {
        const repo = repository();
        await commit(repo, "i-1", { branch: "one", content: files({ "one.txt": "1" }) });
        await commit(repo, "i-2", { branch: "two", content: files({ "two.txt": "2" }) });
        await Promise.all([merge(repo, "m-1", { source: "one" }), merge(repo, "m-2", { source: "two" })]);
        expect(await scm.listFiles(repo, "main")).toEqual(["one.txt", "two.txt"]);
      });

      test("refuses a branch that is not there", async () => {
        const repo = repository();
        await commit(repo, "i-1");
        expect((await refusalOf(merge(repo, "m-1", { source: "absent" }))).code).toBe("NotFound");
      });
    });

    describe("merging in other ways", () => {
      async function twoAhead(repo: string) {
        await commit(repo, "i-0", { branch: "main", content: files({ "main.txt": "m" }) });
        await commit(repo, "i-1");
        const head = await commit(repo, "i-2", { content: files({ "b.txt": "b" }), subject: "feat: b" });
        const target = await commit(repo, "i-3", { branch: "main", content: files({ "later.txt": "l" }) });
        return { head, target };
      }

      test("squashes into one commit on the target, and finds it again", async () => {
        const repo = repository();
        const { head, target } = await twoAhead(repo);
        const made = await merge(repo, "m-1", { method: "squash" });
        expect(made).toMatchObject({ status: "merged", parents: [target.commit] });
        expect(await scm.listFiles(repo, "main")).toEqual(["a.txt", "b.txt", "later.txt", "main.txt"]);
        expect(await merge(repo, "m-1", { method: "squash" })).toEqual(made);
        expect(await merge(repo, "m-2", { method: "squash", source: head.commit })).toEqual(made);
        expect(await scm.log({ repository: repo, from: target.commit, to: "main" })).toHaveLength(1);
      });

      test("rebases each commit with its author and message, and finds the last one again", async () => {
        const repo = repository();
        const { target } = await twoAhead(repo);
        const made = await merge(repo, "m-1", { method: "rebase" });
        const landed = await scm.log({ repository: repo, from: target.commit, to: "main" });
        expect(landed.map((one) => one.subject)).toEqual(["feat: b", "feat: add booking-service"]);
        expect(landed.map((one) => one.author.name)).toEqual(["Code Committer", "Code Committer"]);
        expect(landed.at(-1)?.parents).toEqual([target.commit]);
        expect(made).toMatchObject({ status: "merged", commit: landed[0]?.commit, tree: landed[0]?.tree });
        expect(await scm.listFiles(repo, "main")).toEqual(["a.txt", "b.txt", "later.txt", "main.txt"]);
        expect(await merge(repo, "m-1", { method: "rebase" })).toEqual(made);
        expect(await merge(repo, "m-2", { method: "rebase" })).toEqual(made);
      });

      test.each(["squash", "rebase"] as const)(
        "names what conflicts in a %s and moves nothing",
        async (method) => {
          const repo = repository();
          await commit(repo, "i-0", { branch: "main", content: files({ "main.txt": "m" }) });
          await commit(repo, "i-1");
          await commit(repo, "i-2", { branch: "main", content: files({ "a.txt": "other" }) });
          const before = await scm.tip(repo, "main");
          expect(await merge(repo, "m-1", { method })).toEqual({ status: "conflict", paths: ["a.txt"] });
          expect(await scm.tip(repo, "main")).toEqual(before);
        },
      );

      test("asks for the expected tree of one folder only, where others move on", async () => {
        const repo = repository();
        const mine = await scm.writeTree(repo, [{ path: "x.txt", content: "x" }]);
        await commit(repo, "i-1", { content: { tree: mine, folder: "apps/mine" } });
        await commit(repo, "i-2", { branch: "main", content: files({ "apps/other/y.txt": "y" }) });
        const expected = { expectTree: mine, expectFolder: "apps/mine" };
        expect((await merge(repo, "m-1", { ...expected, expectFolder: "apps/other" })).status).toBe(
          "diverged",
        );
        expect((await merge(repo, "m-1", expected)).status).toBe("merged");
        expect(await scm.subtree(repo, "main", "apps/mine")).toBe(mine);
      });
    });

    describe("reverting", () => {
      const revert = (repo: string, id: string, of: string) => {
        const { content: _, ...request } = commitRequest(repo, id, { subject: "revert: take it back" });
        return scm.revert({ ...request, branch: `revert/${id}`, commit: of });
      };

      test("takes back what a merge brought in and keeps what came after, once", async () => {
        const repo = repository();
        await commit(repo, "i-0", { branch: "main", content: files({ "main.txt": "m" }) });
        await commit(repo, "i-1");
        const landed = await merge(repo, "m-1");
        await commit(repo, "i-2", { branch: "main", content: files({ "later.txt": "l" }) });
        const made = await revert(repo, "r-1", landed.status === "merged" ? landed.commit : "");
        expect(made.status === "reverted" && (await scm.listFiles(repo, made.commit.commit))).toEqual([
          "later.txt",
          "main.txt",
        ]);
        expect(await revert(repo, "r-1", landed.status === "merged" ? landed.commit : "")).toEqual(made);
        expect(await scm.listFiles(repo, "main")).toEqual(["a.txt", "later.txt", "main.txt"]);
      });

      test("shows the conflict where what it changed was changed again, and moves nothing", async () => {
        const repo = repository();
        const first = await commit(repo, "i-1", { branch: "main" });
        await commit(repo, "i-2", { branch: "main", content: files({ "a.txt": "again" }) });
        expect(await revert(repo, "r-1", first.commit)).toEqual({ status: "conflict", paths: ["a.txt"] });
        expect(await scm.tip(repo, "revert/r-1")).toBeUndefined();
        expect((await refusalOf(revert(repo, "r-2", "1".repeat(40)))).code).toBe("NotFound");
      });
    });

    describe("reading", () => {
      test("gives the files that are there and leaves out the others", async () => {
        const repo = repository();
        const made = await commit(repo, "i-1", {
          content: files({ "a.txt": "line\n\nmissing 3\n", "d/e.txt": "" }),
        });
        const read = await scm.readFiles(repo, made.commit, ["nope", "a.txt", "d", "d/e.txt", "a.txt/x"]);
        expect(read).toEqual({ "a.txt": "line\n\nmissing 3\n", "d/e.txt": "" });
        expect(await scm.readFiles(repo, made.tree, ["a.txt"])).toEqual({ "a.txt": "line\n\nmissing 3\n" });
        expect(await scm.readFiles(repo, made.tree, [])).toEqual({});
      });

      test("counts the lines of a difference, also from nothing", async () => {
        const repo = repository();
        const first = await commit(repo, "i-1", {
          content: files({ "a.txt": "1\n2\n", "gone me.txt": "x\n" }),
        });
        const place = await folder({ "a.txt": "1\n3\n4\n", "bin.dat": Uint8Array.of(0, 1, 2) });
        const { tree } = await scm.importFolder({ repository: repo, folder: place });
        const second = await commit(repo, "i-2", { content: { tree } });
        expect(await scm.diff(repo, first.commit, second.commit)).toEqual([
          { path: "a.txt", status: "modified", insertions: 2, deletions: 1 },
          { path: "bin.dat", status: "added", insertions: 0, deletions: 0 },
          { path: "gone me.txt", status: "deleted", insertions: 0, deletions: 1 },
        ]);
        expect(await scm.diff(repo, undefined, first.commit)).toHaveLength(2);
      });

      test("prints a patch of the named paths, and no more of it than is asked for", async () => {
        const repo = repository();
        const first = await commit(repo, "i-1", { content: files({ "a.txt": "1\n", "b/c.txt": "1\n" }) });
        const next = await commit(repo, "i-2", { content: files({ "a.txt": "2\n", "b/c.txt": "2\n" }) });
        const request = { repository: repo, base: first.commit, head: next.commit };
        const whole = await scm.patch(request);
        expect(whole).toContain("+++ b/a.txt\n@@ -1 +1 @@\n-1\n+2\n");
        const part = await scm.patch({ ...request, paths: ["b"] });
        expect([part.includes("b/c.txt"), part.includes("a.txt")]).toEqual([true, false]);
        const cut = await scm.patch({ ...request, maxBytes: 60 });
        expect([cut.length <= 60, cut.endsWith("\n"), whole.startsWith(cut)]).toEqual([true, true, true]);
        expect(await scm.patch({ ...request, base: undefined })).toContain("new file mode 100644");
      });

      test("checks out one folder of a commit", async () => {
        const repo = repository();
        const made = await commit(repo, "i-1", { content: files({ "a.txt": "a", "apps/x/b.txt": "b" }) });
        const out = join(folders, `out-${++count}`);
        await scm.checkout(repo, made.commit, out, "apps/x");
        expect(await readdir(out)).toEqual(["b.txt"]);
        expect((await refusalOf(scm.checkout(repo, made.commit, `${out}-2`, "a.txt"))).code).toBe("NotFound");
      });

      test("checks out into an empty or absent directory only", async () => {
        const repo = repository();
        const made = await commit(repo, "i-1");
        const empty = await folder({});
        await scm.checkout(repo, made.commit, empty);
        expect(await readFile(join(empty, "a.txt"), "utf8")).toBe("a");
        expect((await refusalOf(scm.checkout(repo, made.commit, empty))).code).toBe("Conflict");
      });

      test("knows no tip of what is not there", async () => {
        expect(await scm.tip(repository(), "main")).toBeUndefined();
      });
    });

    test("imports a remote repository's branch, tag or HEAD, and refuses one that is not there", async () => {
      const origin = repository();
      await commit(origin, "i-1", { branch: "main" });
      const side = await commit(origin, "i-2", { branch: "side", content: files({ "b.txt": "b" }) });
      const url = scm.location(origin);
      const repo = repository();
      const fetched = await scm.importRemote({ repository: repo, url, ref: "side" });
      const addresses = ["code-committer@example.invalid"];
      expect(fetched).toEqual({ commit: side.commit, tree: side.tree, addresses });
      expect(await scm.listFiles(repo, fetched.tree)).toEqual(["a.txt", "b.txt"]);
      expect(await scm.tip(repo, "side")).toBeUndefined();
      const head = await scm.importRemote({ repository: repo, url });
      expect(head.commit).toBe((await scm.tip(origin, "main"))?.commit);
      for (const wrong of [
        { url, ref: "absent" },
        { url: join(folders, "absent") },
        { url: "--upload-pack=x" },
      ])
        expect((await refusalOf(scm.importRemote({ repository: repo, ...wrong }))).code).toBe(
          "ModuleInvalid",
        );
    });
  });
}

function files(contents: Record<string, string>): CommitRequest["content"] {
  return { files: Object.entries(contents).map(([path, content]) => ({ path, content })) };
}

function commitRequest(
  repository: string,
  invocationId: string,
  over: Partial<CommitRequest>,
): CommitRequest {
  return {
    repository,
    branch: "trace/t-1/booking-service",
    base: "main",
    content: files({ "a.txt": "a" }),
    subject: "feat: add booking-service",
    trailers: { "Trace-Id": "t-1" },
    author: { name: "Code Committer", email: "code-committer@example.invalid" },
    at: "2025-05-23T10:00:00.000Z",
    invocationId,
    ...over,
  };
}

function mergeRequest(repository: string, invocationId: string): MergeRequest {
  return {
    repository,
    source: "trace/t-1/booking-service",
    target: "main",
    subject: "Merge booking-service",
    trailers: { "Trace-Id": "t-1" },
    author: { name: "Forge", email: "forge@example.invalid" },
    at: "2025-05-23T10:05:00.000Z",
    invocationId,
  };
}

async function refusalOf(work: Promise<unknown>): Promise<RefusalError["refusal"]> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof RefusalError) return error.refusal;
  throw new Error(`expected a refusal, got ${String(error)}`);
}
