/**
 * One archive of each format, as the program of its time wrote it: every later program verifies it. Where one fails,
 * the change that broke it takes the next `archiveFormat`, makes earlier ones as before, and adds an archive here.
 */
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { verifyFile } from "../../src/cli/audit/verify-file.ts";
import { archiveFormat } from "../../src/domain/audit/archive.ts";
import { withFile } from "./trace-archive.ts";

const folder = path.join(import.meta.dirname, "golden");
const formats = Array.from({ length: archiveFormat }, (_, index) => `format-${index + 1}`);

test("every format that there was has an archive", () => {
  const archives = readdirSync(folder).filter((name) => name.endsWith(".audit.tar.gz"));
  expect(archives.sort()).toEqual(formats.map((format) => `${format}.audit.tar.gz`).sort());
});

test.each(formats)(
  "an archive of %s is authentic by the keys and the checkpoint that were kept then",
  async (format) => {
    const outside = { trust: `${format}.keys.json`, checkpoint: `${format}.checkpoints` };
    const { exitCode, json, lines } = await verifyFile(folder, `${format}.audit.tar.gz`, outside);
    expect(lines[0]).toMatch(/^authenticated: /);
    expect(exitCode).toBe(0);
    // What was verified is all of it, and not less than at the time.
    expect(json).toMatchObject(
      JSON.parse(await readFile(path.join(folder, `${format}.verdict.json`), "utf8")),
    );
  },
);

test.each(formats)("an archive of %s with another byte in an event still does not fit", async (format) => {
  const bytes = gunzipSync(await readFile(path.join(folder, `${format}.audit.tar.gz`)));
  const at = bytes.indexOf("ApprovalGranted");
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  const { exitCode, lines } = await withFile(gzipSync(bytes), (file) => verifyFile("/", file, {}));
  expect([exitCode, lines.length]).toEqual([4, 1]);
  expect(lines[0]).toMatch(/^does not fit: events\//);
});
