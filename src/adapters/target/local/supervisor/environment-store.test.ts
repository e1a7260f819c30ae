import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CompactEncrypt, compactDecrypt } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Layout, layoutOf } from "../layout.ts";
import { createEnvironmentStore } from "./environment-store.ts";

let layout: Layout;
beforeAll(async () => {
  layout = layoutOf(await mkdtemp(join(tmpdir(), "environment-store-")));
});
afterAll(() => rm(layout.directory, { recursive: true, force: true }));

const named = (releaseId: string) => ({ namespace: "vetclinic-dev", moduleId: "booking-service", releaseId });
const folderOf = (releaseId: string) => layout.release("vetclinic-dev", "booking-service", releaseId);
const secrets = { TOKEN: "s3cret-välue", GREETING: "hello" };

test("what a release was given comes back, also to the next supervisor, and is nowhere in plain", async () => {
  await createEnvironmentStore(layout).write(named("release-1"), secrets);
  expect(await createEnvironmentStore(layout).read(named("release-1"))).toEqual(secrets);
  for (const name of await readdir(layout.directory, { recursive: true, withFileTypes: true })) {
    if (!name.isFile()) continue;
    const path = join(name.parentPath, name.name);
    expect(await readFile(path, "latin1")).not.toContain("s3cret");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  }
});

test("the environment of one release does not open as another's", async () => {
  const store = createEnvironmentStore(layout);
  await store.write(named("release-2"), secrets);
  await mkdir(folderOf("release-3"), { recursive: true });
  await copyFile(
    join(folderOf("release-2"), "environment.jwe"),
    join(folderOf("release-3"), "environment.jwe"),
  );
  await expect(store.read(named("release-3"))).rejects.toThrow(/cannot be opened/);
});

test("what was changed does not open", async () => {
  const store = createEnvironmentStore(layout);
  await store.write(named("release-4"), secrets);
  const file = join(folderOf("release-4"), "environment.jwe");
  const parts = (await readFile(file, "utf8")).split(".");
  parts[3] = `${parts[3]?.startsWith("A") ? "B" : "A"}${parts[3]?.slice(1)}`;
  await writeFile(file, parts.join("."));
  await expect(store.read(named("release-4"))).rejects.toThrow(/cannot be opened/);
});

test("the plain form of an earlier supervisor is read once and replaced", async () => {
  await mkdir(folderOf("release-5"), { recursive: true });
  const plain = join(folderOf("release-5"), "environment.json");
  await writeFile(plain, JSON.stringify(secrets));
  const store = createEnvironmentStore(layout);
  expect(await store.read(named("release-5"))).toEqual(secrets);
  expect(existsSync(plain)).toBe(false);
  expect(await store.read(named("release-5"))).toEqual(secrets);
});

test("jose opens what is written here, and what jose writes is opened here", async () => {
  const store = createEnvironmentStore(layout);
  await store.write(named("release-6"), secrets);
  const key = Buffer.from(
    (await readFile(join(layout.directory, "environment.key"), "utf8")).trim(),
    "base64url",
  );
  const file = join(folderOf("release-6"), "environment.jwe");
  const { plaintext, protectedHeader } = await compactDecrypt(await readFile(file, "utf8"), key);
  expect(JSON.parse(new TextDecoder().decode(plaintext))).toEqual(secrets);
  await writeFile(
    file,
    await new CompactEncrypt(plaintext).setProtectedHeader(protectedHeader as never).encrypt(key),
  );
  expect(await store.read(named("release-6"))).toEqual(secrets);
});

test("a key file that holds no key is named", async () => {
  const other = layoutOf(join(layout.directory, "other"));
  await mkdir(other.directory);
  await writeFile(join(other.directory, "environment.key"), "short");
  await expect(createEnvironmentStore(other).write(named("release-1"), {})).rejects.toThrow(/holds no key/);
});
