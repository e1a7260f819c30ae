/** Archives that somebody made to harm whoever looks at them. */
import { once } from "node:events";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { createGzip } from "node:zlib";
import { pack } from "tar-stream";
import { expect, test } from "vitest";
import { readArchive } from "../../src/cli/audit/read-archive.ts";
import { verifyFile } from "../../src/cli/audit/verify-file.ts";
import { canonicalJson } from "../../src/domain/canonical-json.ts";
import { withFile } from "./trace-archive.ts";

interface Made {
  name: string;
  type?: "file" | "symlink" | "link" | "directory" | "fifo" | "character-device";
  linkname?: string;
  content?: string;
}

const manifest = (files: object[] = []) =>
  canonicalJson({
    ...{ format: 1, tenantId: "acme", traceId: "trace-1", journalEntries: 0, files },
    deliveries: [{ moduleId: "shop", events: 1, head: "0".repeat(64) }],
  });

test.each([
  [
    "a way out of the folder",
    [{ name: "../../etc/passwd", content: "x" }],
    "stands where manifest.json should",
  ],
  ["an absolute name", [{ name: "/etc/passwd", content: "x" }], "stands where manifest.json should"],
  ["a symbolic link", [{ name: "manifest.json", type: "symlink", linkname: "/etc/passwd" }], "is a symlink"],
  ["a hard link", [{ name: "manifest.json", type: "link", linkname: "/etc/passwd" }], "is a link"],
  ["a folder", [{ name: "manifest.json", type: "directory" }], "is a directory"],
  ["a pipe", [{ name: "manifest.json", type: "fifo" }], "is a fifo"],
  ["a device", [{ name: "manifest.json", type: "character-device" }], "is a character-device"],
  ["no manifest", [], "is missing"],
  ["a manifest that is no JSON", [{ name: "manifest.json", content: "{" }], "is no JSON"],
  ["a manifest that is null", [{ name: "manifest.json", content: "null" }], "has another shape"],
  ["a manifest of another shape", [{ name: "manifest.json", content: '{"format":1}' }], "has another shape"],
  ["a later format", [{ name: "manifest.json", content: '{"format":9}' }], "verify it with a newer program"],
  [
    "a listed name that leads out",
    [{ name: "manifest.json", content: manifest([{ name: "a/../../b", bytes: 1, sha256: "0".repeat(64) }]) }],
    "has another shape: files.0.name",
  ],
  [
    "a name with escape codes",
    [{ name: "manifest.json", content: manifest([{ name: "\u001b[2J", bytes: 1, sha256: "0".repeat(64) }]) }],
    "has another shape: files.0.name",
  ],
] as [string, Made[], string][])("%s does not fit, and is named", async (_what, made, problem) => {
  expect(await verdictOf(await archiveOf(made))).toEqual({
    exitCode: 4,
    line: expect.stringContaining(problem),
  });
});

test("a name in an archive cannot act on the terminal that it is told on", async () => {
  const { line } = await verdictOf(await archiveOf([{ name: "\u001b[2J\u202ename", content: "x" }]));
  expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
});

test("a document of many gigabytes of zeros is refused by its length, before it is read", async () => {
  const tar = pack();
  const made = buffer(tar.pipe(createGzip({ level: 1 })));
  const entry = tar.entry({ name: "manifest.json", size: 200 * 2 ** 20 });
  const zeros = Buffer.alloc(2 ** 20);
  for (let count = 0; count < 200; count += 1)
    if (!entry.write(zeros)) await once(entry as NodeJS.WritableStream, "drain");
  (entry as NodeJS.WritableStream).end();
  tar.finalize();
  expect(await verdictOf(await made)).toEqual({
    exitCode: 4,
    line: expect.stringMatching(/manifest\.json is 209715200 bytes long, and may be 67108864/),
  });
});

test("a header that says ten gigabytes over a few bytes is refused too", async () => {
  const archive = await archiveOf([{ name: "manifest.json", content: "{}" }]);
  const tar = await buffer(Readable.from([archive]).pipe((await import("node:zlib")).createGunzip()));
  tar.write(`${(10 * 2 ** 30).toString(8).padStart(11, "0")} `, 124);
  tar.fill(" ", 148, 156);
  const sum = tar.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  tar.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  const gzip = createGzip();
  gzip.end(tar);
  expect((await verdictOf(await buffer(gzip))).line).toMatch(/is 10737418240 bytes long/);
});

test("what is unpacked ends at the limit, however much there would be", async () => {
  const content = "0".repeat(4 * 2 ** 20);
  const archive = await archiveOf([
    { name: "a", content },
    { name: "b", content },
  ]);
  await withFile(archive, async (file) => {
    const read = async () => {
      for await (const { content } of readArchive(file, { unpackedBytes: 5 * 2 ** 20 }))
        for await (const _part of content);
    };
    await expect(read()).rejects.toThrow(/holds more than 5242880 bytes/);
  });
});

test("deeply nested JSON is no way to bring the program down", async () => {
  const content = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  expect((await verdictOf(await archiveOf([{ name: "manifest.json", content }]))).exitCode).toBe(4);
});

async function verdictOf(archive: Buffer): Promise<{ exitCode: number; line: string }> {
  return await withFile(archive, async (file) => {
    const { exitCode, lines } = await verifyFile("/", file, {});
    return { exitCode, line: lines[0] ?? "" };
  });
}

async function archiveOf(made: readonly Made[]): Promise<Buffer> {
  const tar = pack();
  for (const { content = "", ...header } of made) tar.entry(header, content);
  tar.finalize();
  return await buffer(tar.pipe(createGzip()));
}
