import { chmod, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createArtifactStore, type LocalArtifactStore } from "./create-artifact-store.ts";
import { createLookedAt } from "./looked-at.ts";

let place: string;
let root: string;
let aheadMs: number;
let store: LocalArtifactStore;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), "keep-artifacts-"));
  root = join(place, "artifacts");
  aheadMs = 0;
  store = createArtifactStore({ root, now: () => new Date(Date.now() + aheadMs) });
});
afterEach(() => rm(place, { recursive: true, force: true }));

async function make(text: string): Promise<string> {
  const folder = join(place, `source-${text}`);
  await mkdir(folder);
  await writeFile(join(folder, "server.js"), text);
  return (await store.put(folder)).digest;
}

const fileOf = (digest: string) => join(root, digest.replace(":", "-"), "server.js");

async function change(digest: string, text: string): Promise<void> {
  await chmod(join(root, digest.replace(":", "-")), 0o755);
  await chmod(fileOf(digest), 0o644);
  await writeFile(fileOf(digest), text);
}

test("bytes that somebody changed come back from the second copy, and from nowhere without one", async () => {
  const [kept, alone] = [await make("one"), await make("two")];
  await store.secure(kept);
  for (const digest of [kept, alone]) await change(digest, "changed");
  expect(await store.digestNow(kept)).not.toBe(kept);
  await store.restore(kept);
  expect(await store.digestNow(kept)).toBe(kept);
  expect(await readFile(join(await store.open(kept), "server.js"), "utf8")).toBe("one");
  await expect(store.restore(alone)).rejects.toThrow("no second copy was kept");
});

test("a directory that was removed comes back, and a changed one is never taken as the second copy", async () => {
  const [gone, changed] = [await make("one"), await make("two")];
  await store.secure(gone);
  await rm(join(root, gone.replace(":", "-")), { recursive: true });
  await store.restore(gone);
  expect(await store.digestNow(gone)).toBe(gone);
  await change(changed, "changed");
  await store.secure(changed);
  await expect(store.restore(changed)).rejects.toThrow("no second copy was kept");
});

test("what nobody needs is removed once it is old enough, with its second copy; all else stays", async () => {
  const [needed, old] = [await make("one"), await make("two")];
  await store.secure(old);
  const olderThanMs = 60_000;
  expect(await store.collect(new Set([needed]), { olderThanMs })).toEqual({ removed: [], kept: 3 });
  aheadMs = 120_000;
  const young = await make("three");
  await utimes(join(root, young.replace(":", "-")), new Date(), new Date());
  expect(await store.collect(new Set([needed, young]), { olderThanMs })).toEqual({ removed: [old], kept: 2 });
  expect([await store.has(needed), await store.has(old)]).toEqual([true, false]);
  expect(await readdir(join(root, "reserve"))).toEqual([]);
});

test("bytes are read again when a file looks changed, and after a while in any case", async () => {
  const folder = join(place, "looked-at");
  await mkdir(folder);
  await writeFile(join(folder, "a"), "a");
  let nowMs = 0;
  let reads = 0;
  const lookedAt = createLookedAt({ readEveryMs: 1_000, monotonicMs: () => nowMs });
  const read = async () => {
    reads += 1;
    return `read ${reads}`;
  };
  const look = () => lookedAt.digest(folder, read);
  expect([await look(), await look()]).toEqual(["read 1", "read 1"]);
  await writeFile(join(folder, "a"), "b");
  expect(await look()).toBe("read 2");
  nowMs = 1_000;
  expect(await look()).toBe("read 3");
});
