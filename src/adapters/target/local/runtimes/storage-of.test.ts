import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Launch } from "./runtime.ts";
import { storageOf } from "./storage-of.ts";

const root = mkdtempSync(join(tmpdir(), "storage-of-"));
afterAll(() => rmSync(root, { recursive: true }));

const own = join(root, "acme-staging", "shop");
const uploads = join(root, "acme-staging", ".shared", "uploads");
const theirs = join(root, "acme-staging", "books");
const foreign = join(root, "other-staging", ".shared", "uploads");
for (const folder of [own, uploads, theirs, foreign]) mkdirSync(folder, { recursive: true });

function folders(environment: Record<string, string>): string[] {
  return storageOf({ environment, namespace: "acme-staging", moduleId: "shop" } as Launch);
}

test("its own storage, and what it shares with others of its namespace", () => {
  expect(folders({ STORAGE_DIR: own, STORAGE_UPLOADS_DIR: uploads })).toEqual([own, uploads]);
});

test("a variable that was configured gives nothing away", () => {
  expect(folders({ STORAGE_DIR: theirs })).toEqual([]);
  for (const path of [theirs, foreign, `${uploads}/../../books`, "/etc", root])
    expect(folders({ STORAGE_DIR: own, STORAGE_UPLOADS_DIR: path }), path).toEqual([own]);
});

test("a folder that is not there is left out", () => {
  expect(folders({ STORAGE_DIR: own, STORAGE_GONE_DIR: `${uploads}-gone` })).toEqual([own]);
});
