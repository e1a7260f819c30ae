import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, statSync, writeSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keepWithin, openOutput, outputFiles } from "./log-files.ts";
import { outputTail, readOutput } from "./read-output.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "output-log-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const never = new AbortController().signal;
const mebibyte = 1024 ** 2;

function launch(...texts: (string | Uint8Array)[]): void {
  const file = openOutput(folder);
  for (const text of texts) writeSync(file, typeof text === "string" ? Buffer.from(text) : text);
  closeSync(file);
}

async function read(tail: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const { line } of readOutput(folder, { tail, follow: false }, never)) lines.push(line);
  return lines;
}

function diskBytes(): number {
  return outputFiles(folder).reduce((sum, name) => sum + statSync(join(folder, name)).blocks * 512, 0);
}

test("the last lines, oldest first, over the files of several launches", async () => {
  launch("1\n2\n");
  launch();
  launch("3\n4\n5");
  expect(await read(10)).toEqual(["1", "2", "3", "4", "5"]);
  expect(await read(4)).toEqual(["2", "3", "4", "5"]);
  expect(await read(2)).toEqual(["4", "5"]);
  expect(await read(0)).toEqual([]);
  expect(await outputTail(folder)).toBe("3\n4\n5");
});

test("where nothing was launched there is nothing", async () => {
  expect(await read(10)).toEqual([]);
  expect(await outputTail(join(folder, "none"))).toBeUndefined();
});

test("bytes that are no UTF-8, carriage returns and empty lines are read", async () => {
  launch("a\r\n\n", new Uint8Array([0xff, 0xfe, 0x0a]), "é\n");
  expect(await read(10)).toEqual(["a", "", "\ufffd\ufffd", "é"]);
});

test("a character that is cut by a block's end is whole", async () => {
  const line = `${"x".repeat(65_535)}é`;
  launch(`${"y".repeat(100)}\n`, `${"é".repeat(32_760)}\n`);
  expect(await read(1)).toEqual(["é".repeat(32_760)]);
  expect(line.length).toBe(65_536);
});

test("a line without end comes in pieces of 64 KiB", async () => {
  launch("first\n", "x".repeat(200 * 1024));
  const lines = await read(100);
  expect(lines[0]).toBe("first");
  expect(lines.slice(1).map(({ length }) => length)).toEqual([65_536, 65_536, 65_536, 8_192]);
  expect((await read(2)).length).toBeLessThanOrEqual(3);
});

test("following sees what comes, with its time, also from the next launch, and ends with its signal", async () => {
  launch("before\n");
  const ended = new AbortController();
  const lines: { line: string; at?: string }[] = [];
  const following = (async () => {
    for await (const line of readOutput(folder, { tail: 10, follow: true }, ended.signal)) lines.push(line);
  })();
  await expect.poll(() => lines.length).toBe(1);
  const file = openOutput(folder);
  writeSync(file, "half");
  await expect.poll(() => statSync(join(folder, outputFiles(folder).at(-1) ?? "")).size).toBe(4);
  writeSync(file, " and half\n");
  await expect.poll(() => lines.length).toBe(2);
  closeSync(file);
  launch("next launch\n");
  await expect.poll(() => lines.map(({ line }) => line)).toEqual(["before", "half and half", "next launch"]);
  expect(lines.map(({ at }) => at !== undefined)).toEqual([false, true, true]);
  ended.abort();
  await following;
});

/** Writes so many numbered lines whenever it is told to. */
function writer(linesATime: number): { more(): void; end(): void; exited: Promise<unknown> } {
  const file = openOutput(folder);
  const source = `let n = 0; process.stdin.on("data", (told) => { for (const _ of told) {
    let text = ""; for (let i = 0; i < ${linesATime}; i++) text += "line " + n++ + " ${"x".repeat(80)}\\n";
    require("node:fs").writeSync(1, text); } });`;
  const child = spawn(process.execPath, ["-e", source], { stdio: ["pipe", file, "inherit"] });
  closeSync(file);
  const exited = once(child, "exit");
  return { more: () => child.stdin?.write("."), end: () => child.stdin?.end(), exited };
}

test("a log stays within its limit, its last lines are whole, and following it loses no line", async () => {
  const keepBytes = 4 * mebibyte;
  const { more, end, exited } = writer(30_000);
  const stop = keepWithin(folder, { keepBytes, keepFiles: 3 });
  const ended = new AbortController();
  const count = 360_000;
  const wrong: string[] = [];
  let next = 0;
  more();
  for await (const { line } of readOutput(folder, { tail: 0, follow: true }, ended.signal)) {
    if (line !== `line ${next} ${"x".repeat(80)}`) wrong.push(line);
    next += 1;
    if (next === count) ended.abort();
    else if (next % 30_000 === 0) more();
  }
  end();
  await exited;
  expect(next).toBe(count);
  expect(wrong).toEqual([]);
  await expect.poll(diskBytes).toBeLessThanOrEqual(keepBytes * 1.3);
  stop();
  const lines = await read(1_000_000);
  expect(lines.at(-1)).toMatch(/^line 359999 x+$/);
  expect(lines.length).toBeGreaterThan(10_000);
  expect(lines.slice(1).every((line) => /^line \d+ x+$/.test(line))).toBe(true);
});

test("a log that is filled at full speed takes no more of the disk than its limit and a second's writing", async () => {
  const keepBytes = 4 * mebibyte;
  const { more, end, exited } = writer(10_000);
  const stop = keepWithin(folder, { keepBytes, keepFiles: 3 });
  for (let round = 0; round < 150; round += 1) {
    more();
    await new Promise((resolve) => setImmediate(resolve));
  }
  end();
  await exited;
  const size = statSync(join(folder, outputFiles(folder).at(-1) ?? "")).size;
  expect(size).toBeGreaterThan(120 * mebibyte);
  await expect.poll(diskBytes).toBeLessThanOrEqual(keepBytes * 1.3);
  stop();
  expect(await read(1)).toEqual([expect.stringMatching(/^line 1499999 x+$/)]);
});

test("launches that are too many are forgotten, oldest first", async () => {
  for (let number = 1; number <= 5; number += 1) launch(`launch ${number}\n`);
  keepWithin(folder, { keepBytes: mebibyte, keepFiles: 3 })();
  expect(await read(10)).toEqual(["launch 3", "launch 4", "launch 5"]);
  expect(outputFiles(folder)).toHaveLength(3);
});

test("what an instance wrote before it crashed is kept when it is launched again, whole up to the limit", async () => {
  const limits = { keepBytes: mebibyte, keepFiles: 3 };
  launch("x".repeat(3 * mebibyte), "\nthe reason\n");
  keepWithin(folder, limits)();
  await expect.poll(diskBytes).toBeLessThanOrEqual(1.3 * mebibyte);
  launch("again\n");
  keepWithin(folder, limits)();
  expect(await read(2)).toEqual(["the reason", "again"]);
});

test("what is no log of ours is left alone", async () => {
  await writeFile(join(folder, "output.log"), "other\n");
  launch("ours\n");
  expect(await read(10)).toEqual(["ours"]);
});
