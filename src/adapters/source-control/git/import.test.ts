import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SourceControl, withoutCredentials } from "../../../ports/source-control.ts";
import { createGitSourceControl } from "./git-source-control.ts";
import { runGit } from "./run-git.ts";

const run = promisify(execFile);

let place: string;
let scm: SourceControl;
let count = 0;

beforeAll(async () => {
  place = await realpath(await mkdtemp(join(tmpdir(), "git-import-")));
  const limits = { fileBytes: 1_048_576, totalBytes: 3 * 1_048_576, files: 50 };
  scm = createGitSourceControl({ root: join(place, "repositories"), limits });
});
afterAll(() => rm(place, { recursive: true, force: true }));

async function folder(
  files: Record<string, string | Uint8Array> = { "package.json": "{}" },
): Promise<string> {
  const made = join(place, `folder-${++count}`);
  await mkdir(made);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(made, path)), { recursive: true });
    await writeFile(join(made, path), content);
  }
  return made;
}

const repository = () => `t/module-${++count}`;

async function refusal(work: Promise<unknown>): Promise<string> {
  return await work.then(() => "nothing was refused", String);
}

const importFolder = (made: string) => scm.importFolder({ repository: repository(), folder: made });

test("a pipe in the folder is refused by name, and none that is ignored", async () => {
  const made = await folder();
  await run("mkfifo", [join(made, "queue")]);
  expect(await refusal(importFolder(made))).toMatch(/ModuleInvalid: queue in .* is a pipe, socket or device/);
  await writeFile(join(made, ".gitignore"), "queue\n");
  expect((await importFolder(made)).tree).toMatch(/^[0-9a-f]{40}$/);
});

test("a socket in the folder is refused by name", async () => {
  const made = await folder();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(made, "app.sock"), resolve));
  try {
    expect(await refusal(importFolder(made))).toMatch(/ModuleInvalid: app\.sock in/);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

test("names that differ in case only are refused, both named, also of folders", async () => {
  const files = await folder({ "README.md": "1", "readme.md": "2" });
  expect(await refusal(importFolder(files))).toMatch(
    /README\.md and readme\.md in .* differ in upper and lower case/,
  );
  const folders = await folder({ "src/a.js": "1", "Src/b.js": "2" });
  expect(await refusal(importFolder(folders))).toMatch(/Src and src in .* differ/);
});

test("a name that is no UTF-8 is refused and shown byte by byte", async () => {
  const made = await folder();
  await writeFile(Buffer.concat([Buffer.from(`${made}/caf`), Buffer.of(0xe9)]), "x");
  expect(await refusal(importFolder(made))).toMatch(/ModuleInvalid: "caf\\xe9" in .* no UTF-8/);
});

test("a name with a control character is refused and shown with it", async () => {
  expect(await refusal(importFolder(await folder({ "two\nlines": "x" })))).toMatch(
    /"two\\nlines" in .* control character/,
  );
});

test.each([".GIT", "git~1"])(
  "a file with the name %s is refused, as some machine would run it as git's own",
  async (name) => {
    expect(await refusal(importFolder(await folder({ [`sub/${name}/config`]: "x" })))).toMatch(
      /ModuleInvalid: .*that git keeps/,
    );
  },
);

test("names with quotes, backslashes, blanks and a leading dash are kept", async () => {
  const names = ['"quoted".txt', "-dash", "back\\slash", "blank at end ", "ü/日本.txt"];
  const repo = repository();
  const made = await folder(Object.fromEntries(names.map((name) => [name, name])));
  const { tree } = await scm.importFolder({ repository: repo, folder: made });
  expect((await scm.listFiles(repo, tree)).toSorted()).toEqual(names.toSorted());
});

test("a file and a folder that are too large are refused before they are stored", async () => {
  const big = await folder({ "model.bin": new Uint8Array(1_048_577) });
  expect(await refusal(importFolder(big))).toMatch(/model\.bin in .* has 1 MB; .* at most 1 MB/);
  const sum = Object.fromEntries([1, 2, 3, 4].map((index) => [`${index}.bin`, new Uint8Array(1_000_000)]));
  expect(await refusal(importFolder(await folder(sum)))).toMatch(/holds more than 50 files or 3 MB/);
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`${index}`, ""]));
  const repo = repository();
  expect(await refusal(scm.importFolder({ repository: repo, folder: await folder(many) }))).toMatch(
    /more than 50 files/,
  );
  const { stdout } = await runGit(["for-each-ref"], { gitDir: scm.location(repo) });
  expect(stdout.toString("utf8")).toBe("");
});

test("empty files and files of nothing but NUL are kept as they are", async () => {
  const repo = repository();
  const made = await folder({ empty: "", zero: new Uint8Array(10), crlf: "a\r\nb\r\n" });
  const { tree } = await scm.importFolder({ repository: repo, folder: made });
  expect(await scm.readFiles(repo, tree, ["empty", "zero", "crlf"])).toEqual({
    ...{ empty: "", zero: "\0".repeat(10), crlf: "a\r\nb\r\n" },
  });
});

const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"a".repeat(64)}\nsize 12345\n`;

test("a file and a folder that may not be read are refused by name, and none that are ignored", async () => {
  const made = await folder({ "package.json": "{}", "data/secret.txt": "x", "private/key": "x" });
  const asSomebody = await importAsSomebody(made, { "data/secret.txt": 0o000 });
  expect(asSomebody).toMatch(/ModuleInvalid: data\/secret\.txt in .* could not be read: permission denied/);
  await rm(join(made, "data"), { recursive: true });
  expect(await importAsSomebody(made, { private: 0o000 })).toMatch(
    /ModuleInvalid: private in .* could not be read: permission denied/,
  );
  await writeFile(join(made, ".gitignore"), "private\n");
  expect(await importAsSomebody(made, {})).toMatch(/^[0-9a-f]{40}$/);
});

/** In a process of a user who may not read everything, as this one perhaps may. */
async function importAsSomebody(made: string, modes: Record<string, number>): Promise<string> {
  for (const [path, mode] of Object.entries(modes)) await chmod(join(made, path), mode);
  const own = join(place, `somebody-${++count}`);
  await mkdir(own);
  const script = `
    import { createGitSourceControl } from ${JSON.stringify(join(import.meta.dirname, "git-source-control.ts"))};
    const [root, folder] = process.argv.slice(-2);
    if (process.getuid() === 0) process.setuid(65534);
    const scm = createGitSourceControl({ root });
    await scm.importFolder({ repository: "t/m", folder }).then(({ tree }) => console.log(tree), (error) => console.log(String(error)));`;
  for (const open of [place, own]) await chmod(open, 0o777);
  const args = ["--input-type=module", "-e", script, "--", own, made];
  return (await run(process.execPath, args)).stdout.trim();
}

test("a path of many folders is kept, and one that is too long is refused", async () => {
  const deep = (name: string) => `${Array.from({ length: 16 }, () => "d".repeat(245)).join("/")}/${name}`;
  const repo = repository();
  const { tree } = await scm.importFolder({ repository: repo, folder: await folder({ [deep("f")]: "x" }) });
  expect(await scm.listFiles(repo, tree)).toEqual([deep("f")]);
  const long = await folder({ [deep("f".repeat(70))]: "x" });
  expect(await refusal(importFolder(long))).toMatch(/ModuleInvalid: .* is longer than 4000 bytes/);
});

test("an LFS pointer in a folder is refused with what to do", async () => {
  const made = await folder({
    ".gitattributes": "*.psd filter=lfs diff=lfs merge=lfs -text\n",
    "a.psd": pointer,
  });
  expect(await refusal(importFolder(made))).toMatch(/a\.psd in .* Git LFS pointer/);
});

async function remote(files: Record<string, string>): Promise<string> {
  const made = await folder(files);
  await run("git", ["init", "--quiet", "--initial-branch=main", made]);
  await commitAll(made);
  return made;
}

async function commitAll(made: string, ...options: string[]): Promise<void> {
  await run("git", ["-C", made, "add", "--all"]);
  const who = ["-c", "user.name=x", "-c", "user.email=x@example.invalid", "-c", "commit.gpgsign=false"];
  await run("git", ["-C", made, ...who, "commit", "--quiet", "-m", "x", ...options]);
}

test.each([
  ["a path", (path: string) => path],
  ["a file address", (path: string) => `file://${path}`],
  ["its .git", (path: string) => join(path, ".git")],
])("a repository of this host is imported by %s", async (_, address) => {
  const made = await remote({ "apps/x/package.json": "{}", "README.md": "r" });
  const repo = repository();
  const request = { repository: repo, url: address(made) };
  const whole = await scm.importRemote(request);
  expect(await scm.listFiles(repo, whole.tree)).toEqual(["README.md", "apps/x/package.json"]);
  const part = await scm.importRemote({ ...request, folder: "apps/x" });
  expect(part.commit).toBe(whole.commit);
  expect(await scm.listFiles(repo, part.tree)).toEqual(["package.json"]);
  expect(await refusal(scm.importRemote({ ...request, folder: "apps/y" }))).toMatch(
    /ModuleInvalid: HEAD of .* no folder apps\/y/,
  );
});

test("a remote whose history was rewritten is imported as it is now", async () => {
  const made = await remote({ "a.txt": "1" });
  const repo = repository();
  await scm.importRemote({ repository: repo, url: made });
  await writeFile(join(made, "a.txt"), "2");
  await commitAll(made, "--amend");
  const { tree } = await scm.importRemote({ repository: repo, url: made });
  expect(await scm.readFiles(repo, tree, ["a.txt"])).toEqual({ "a.txt": "2" });
});

test("a bare repository is imported, and nothing is left of a fetch but the tree", async () => {
  const made = await remote({ "a.txt": "1" });
  const bare = join(place, `bare-${++count}.git`);
  await run("git", ["clone", "--quiet", "--bare", made, bare]);
  const repo = repository();
  const { tree } = await scm.importRemote({ repository: repo, url: bare });
  expect(await scm.listFiles(repo, tree)).toEqual(["a.txt"]);
  const gitDir = scm.location(repo);
  expect((await runGit(["for-each-ref", "--format=%(refname)"], { gitDir })).stdout.toString()).toBe(
    `refs/imports/${tree}\n`,
  );
  await runGit(["fsck", "--strict"], { gitDir });
});

test("a clone of our own repository as remote does not cut our history", async () => {
  const repo = repository();
  const commit = (id: string) =>
    scm.commit({
      ...{ repository: repo, branch: "main", base: "main", subject: "feat: x", trailers: {} },
      content: { files: [{ path: id, content: id }] },
      author: { name: "x", email: "x@example.invalid" },
      at: "2025-05-23T10:00:00.000Z",
      invocationId: id,
    });
  for (const id of ["i-1", "i-2", "i-3"]) await commit(id);
  const clone = join(place, `clone-${++count}`);
  await run("git", ["clone", "--quiet", scm.location(repo), clone]);
  const tip = await scm.tip(repo, "main");
  for (const url of [clone, `file://${clone}`])
    expect(await scm.importRemote({ repository: repo, url })).toEqual({
      ...tip,
      addresses: ["x@example.invalid"],
    });
  await commit("i-4");
  expect(await scm.log({ repository: repo, to: "main" })).toHaveLength(4);
  await runGit(["fsck", "--strict"], { gitDir: scm.location(repo) });
});

test("a submodule, an LFS pointer and a link that leads out are refused by name, but not beside the folder that is asked for", async () => {
  const made = await remote({ "ok/a.txt": "a", ".gitattributes": "*.psd filter=lfs\n" });
  await mkdir(join(made, "lfs"));
  await writeFile(join(made, "lfs/.gitattributes"), "*.psd filter=lfs\n");
  const { stdout } = await run("git", ["-C", made, "rev-parse", "HEAD"]);
  const sub = `160000,${stdout.trim()},subs/inner`;
  await run("git", ["-C", made, "update-index", "--add", "--cacheinfo", sub]);
  const { stdout: oid } = await run("sh", [
    "-c",
    'printf "%s" "$1" | git -C "$2" hash-object -w --stdin',
    "sh",
    pointer,
    made,
  ]);
  await run("git", ["-C", made, "update-index", "--add", "--cacheinfo", `100644,${oid.trim()},lfs/b.psd`]);
  await run("git", ["-C", made, "add", "lfs/.gitattributes"]);
  await mkdir(join(made, "links"));
  await symlink("/etc/passwd", join(made, "links/leak"));
  await run("git", ["-C", made, "add", "links"]);
  const who = ["-c", "user.name=x", "-c", "user.email=x@example.invalid"];
  await run("git", ["-C", made, ...who, "commit", "--quiet", "-m", "x"]);
  const from = (inner: string) => scm.importRemote({ repository: repository(), url: made, folder: inner });
  expect(await refusal(from("subs"))).toMatch(
    /inner in subs of .* git repository of its own \(or a submodule\)/,
  );
  expect(await refusal(from("lfs"))).toMatch(/b\.psd in lfs of .* Git LFS pointer/);
  expect(await refusal(from("links"))).toMatch(/leak in links of .* leads out/);
  expect((await from("ok")).tree).toMatch(/^[0-9a-f]{40}$/);
});

test("a remote that never answers is given up as soon as the caller gives up", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const asked = new Promise<void>((resolve) =>
    server.once("connection", (socket) => {
      // Read to the end, so that the end of the other side is seen.
      socket.on("error", () => undefined).resume();
      resolve();
    }),
  );
  const givenUp = new AbortController();
  try {
    const url = `git://127.0.0.1:${port}/x.git`;
    const fetching = refusal(scm.importRemote({ repository: repository(), url, signal: givenUp.signal }));
    await asked;
    givenUp.abort();
    expect(await fetching).toMatch(/abort/i);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

test("credentials are taken out of every form of address", () => {
  expect(withoutCredentials("https://robot:p@ss@host/x.git")).toBe("https://host/x.git");
  expect(withoutCredentials("https://token@host:8443/x.git?private_token=1#f")).toBe(
    "https://host:8443/x.git",
  );
  expect(withoutCredentials("ssh://git@host/x.git")).toBe("ssh://host/x.git");
  for (const plain of ["git@host:team/x.git", "/srv/x@y.git", "../x"])
    expect(withoutCredentials(plain)).toBe(plain);
});
