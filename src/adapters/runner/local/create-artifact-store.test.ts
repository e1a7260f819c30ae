import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createArtifactStore, type LocalArtifactStore } from "./create-artifact-store.ts";

describe("the artifact store", () => {
  let place: string;
  let root: string;
  let store: LocalArtifactStore;
  let count = 0;

  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), "artifact-store-"));
    root = join(place, "artifacts");
    store = createArtifactStore({ root });
  });
  afterAll(() => rm(place, { recursive: true, force: true }));

  test("gives the same digest for the same content, whatever its times, owner and permission bits", async () => {
    const one = await folder({ "a.txt": "a", "b/c.txt": "c" });
    const two = await folder({ "b/c.txt": "c", "a.txt": "a" });
    await chmod(join(two, "a.txt"), 0o600);
    expect((await store.put(two)).digest).toBe((await store.put(one)).digest);
  });

  const changes: [what: string, files: Record<string, string>, change?: (at: string) => Promise<void>][] = [
    ["content", { "a.txt": "A", "b.txt": "b" }],
    ["a path", { "a.txt": "a", "c.txt": "b" }],
    ["where content lies", { "a.txt": "b", "b.txt": "a" }],
    ["an executable bit", { "a.txt": "a", "b.txt": "b" }, (at) => chmod(join(at, "a.txt"), 0o755)],
    ["an empty directory", { "a.txt": "a", "b.txt": "b" }, async (at) => void (await mkdir(join(at, "d")))],
    ["a link in a file's place", { "b.txt": "b" }, (at) => symlink("b.txt", join(at, "a.txt"))],
  ];
  test.for(changes)("gives another digest when %s changes", async ([, files, change]) => {
    const before = await store.put(await folder({ "a.txt": "a", "b.txt": "b" }));
    const changed = await folder(files);
    await change?.(changed);
    expect((await store.put(changed)).digest).not.toBe(before.digest);
  });

  test("keeps links that stay inside, and executable files executable", async () => {
    const source = await folder({ "tool/run.js": "#!/usr/bin/env node\n" });
    await chmod(join(source, "tool/run.js"), 0o755);
    await mkdir(join(source, "bin"));
    await symlink("../tool/run.js", join(source, "bin/run"));
    const { digest, files } = await store.put(source);
    const kept = await store.open(digest);
    expect(files).toBe(1);
    expect(await readlink(join(kept, "bin/run"))).toBe("../tool/run.js");
    expect((await lstat(join(kept, "tool/run.js"))).mode & 0o777).toBe(0o555);
  });

  test.for([
    ["an absolute link", "/etc/passwd"],
    ["a link that climbs out", "../../outside"],
    ["a link that climbs out through another", "around/../../outside"],
  ])("refuses %s, and keeps nothing of it", async ([, target]) => {
    const source = await folder({ "a.txt": `${count}`, "deep/deeper/b.txt": "b" });
    await writeFile(join(dirname(source), "outside"), "");
    await symlink("deep/deeper", join(source, "around"));
    await symlink(target ?? "", join(source, "link"));
    const before = await readdir(root);
    await expect(store.put(source)).rejects.toMatchObject({ refusal: { code: "ModuleInvalid" } });
    expect(await readdir(root)).toEqual(before);
    expect(await readdir(join(root, "unfinished"))).toEqual([]);
  });

  test("refuses a link that leaves by way of a link to a directory", async () => {
    const source = await folder({ "p/q/b.txt": "b" });
    await writeFile(join(dirname(source), "outside"), "");
    await symlink("../..", join(source, "p/q/up"));
    await symlink("up/../outside", join(source, "p/q/link"));
    await expect(store.put(source)).rejects.toMatchObject({ refusal: { code: "ModuleInvalid" } });
  });

  test("large files are kept byte for byte", async () => {
    const large = "0123456789abcdef".repeat(200_000);
    const { digest, bytes } = await store.put(await folder({ "large.bin": large }));
    expect(bytes).toBe(large.length);
    expect(await readFile(join(await store.open(digest), "large.bin"), "utf8")).toBe(large);
  });

  const tampering: [how: string, tamper: (at: string) => Promise<void>][] = [
    ["a changed byte", (at) => rewrite(join(at, "a.txt"), "b")],
    ["an added file", (at) => writeFile(join(at, "extra.js"), "")],
    ["a removed file", (at) => rm(join(at, "a.txt"))],
    ["an executable bit", (at) => chmod(join(at, "a.txt"), 0o555)],
  ];
  test.for(tampering)(
    "does not open an artifact with %s, and a build puts the bytes back",
    async ([how, tamper]) => {
      const source = await folder({ "a.txt": `a ${how}`, "b.txt": "b" });
      const { digest } = await store.put(source);
      await tamper(await store.open(digest));
      await expect(store.open(digest)).rejects.toMatchObject({ refusal: { code: "DigestMismatch" } });
      expect((await store.put(source)).digest).toBe(digest);
      expect(await readFile(join(await store.open(digest), "a.txt"), "utf8")).toBe(`a ${how}`);
    },
  );

  test("two that put the same bytes at once both get them", async () => {
    const source = await folder({ "a.txt": "at once" });
    const other = createArtifactStore({ root });
    const [one, two] = await Promise.all([store.put(source), other.put(source)]);
    expect(one).toEqual(two);
    expect(await store.open(one.digest)).toContain("sha256-");
  });

  test("leaves out what it is told to", async () => {
    const source = await folder({ "a.txt": "left", "dev/b.txt": "b" });
    const { digest, files } = await store.put(source, (path) => path === "dev");
    expect(files).toBe(1);
    expect(await readdir(await store.open(digest))).toEqual(["a.txt"]);
  });

  async function folder(files: Record<string, string>): Promise<string> {
    count += 1;
    const at = join(place, `case-${count}`, "module");
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(at, path)), { recursive: true });
      await writeFile(join(at, path), content);
    }
    return at;
  }
});

async function rewrite(path: string, content: string): Promise<void> {
  await chmod(path, 0o644);
  await writeFile(path, content);
  await chmod(path, 0o444);
}
