import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { forgetCompiledCode } from "./forget-compiled-code.ts";

const run = promisify(execFile);
const dayMs = 24 * 3_600_000;
const now = Date.now();

let root: string;
let folder: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "compiled-"));
  folder = path.join(root, "connectsoft-delivery", "compile-cache");
  await mkdir(folder, { recursive: true });
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Node's own files: each program compiles itself and a module beside it. */
async function compile(name: string): Promise<string[]> {
  await writeFile(path.join(root, `${name}-part.mjs`), `export const name = ${JSON.stringify(name)};\n`);
  await writeFile(
    path.join(root, `${name}.mjs`),
    `import { enableCompileCache } from "node:module";
enableCompileCache(${JSON.stringify(folder)});
const { name } = await import("./${name}-part.mjs");
console.log(name);`,
  );
  const before = await files();
  // Where it is set, it counts for more than the folder that a program names.
  const { NODE_COMPILE_CACHE: _, ...env } = process.env;
  const { stdout } = await run(process.execPath, [path.join(root, `${name}.mjs`)], { env });
  expect(stdout).toBe(`${name}\n`);
  return (await files()).filter((file) => !before.includes(file));
}

async function files(): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

async function lastUsed(paths: string[], daysAgo: number): Promise<void> {
  const at = new Date(now - daysAgo * dayMs);
  for (const one of paths) await utimes(one, at, at);
}

describe("the compile cache", () => {
  test("loses what nobody has read for a month, with folders of Nodes that are gone, and keeps the rest", async () => {
    const [old, young] = [await compile("old"), await compile("young")];
    expect([old.length, young.length]).toEqual([1, 1]);
    const before = path.join(folder, "v22.0.0-x64-00000000-0");
    await mkdir(before);
    await writeFile(path.join(before, "0a0a0a0a"), "of another Node");
    await lastUsed([...old, path.join(before, "0a0a0a0a"), before], 31);
    await lastUsed(young, 29);
    expect(await forgetCompiledCode({ folder, now })).toBe(2);
    expect(await files()).toEqual(young);
    expect(await readdir(folder)).not.toContain(path.basename(before));
    expect(await compile("old")).toEqual(old);
  });

  test("lets nobody believe that a program is compiled whole when something went", async () => {
    const old = await compile("old");
    const mark = path.join(folder, "0123456789abcdef.compiled");
    await writeFile(mark, "of a supervisor");
    await forgetCompiledCode({ folder, now });
    expect(await readFile(mark, "utf8")).toBe("of a supervisor");
    await lastUsed(old, 31);
    await forgetCompiledCode({ folder, now: now + 2 * dayMs });
    expect(await files()).toEqual([]);
  });

  test("is looked at once a day, by several servers at once as well", async () => {
    await lastUsed(await compile("old"), 31);
    const all = await Promise.all([1, 2, 3].map(() => forgetCompiledCode({ folder, now })));
    expect(all.reduce((sum, gone) => sum + gone, 0)).toBe(1);
    await lastUsed(await compile("old"), 31);
    expect(await forgetCompiledCode({ folder, now: now + dayMs / 2 })).toBe(0);
    expect(await forgetCompiledCode({ folder, now: now + 2 * dayMs })).toBe(1);
  });

  test("is left alone where it is none of ours, or not there", async () => {
    const theirs = path.join(root, "their-cache");
    await mkdir(path.join(theirs, "v24"), { recursive: true });
    const file = path.join(theirs, "v24", "1");
    await writeFile(file, "");
    await lastUsed([file], 99);
    expect(await forgetCompiledCode({ folder: theirs, now })).toBe(0);
    expect(await readFile(file, "utf8")).toBe("");
    expect(await forgetCompiledCode({ folder: undefined, now })).toBe(0);
    expect(
      await forgetCompiledCode({ folder: path.join(root, "connectsoft-delivery/compile-cache-no"), now }),
    ).toBe(0);
  });
});
