/**
 * Code of processes that live for months, compiled before they begin: who compiles it keeps the compiler in its memory
 * for life, and begins half a second later.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { accessSync, constants } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { makeDirectory } from "./layout.ts";

export interface Program {
  entry: string;
  /** With which it loads its code and ends. */
  args: string[];
  nodeFlags: string[];
  /** Changes with the code. */
  revision: string;
  /** Where the compiled code is kept. */
  code: string;
}

/** Once for each revision, by a short process that leaves the result on disk. */
export async function compileOnce(program: Program, environment: NodeJS.ProcessEnv): Promise<void> {
  const { entry, args, nodeFlags, code } = program;
  const compiled = [process.version, ...nodeFlags, program.revision].join(" ");
  makeDirectory(code);
  const mark = join(code, `${createHash("sha256").update(entry).digest("hex").slice(0, 16)}.compiled`);
  if ((await readFile(mark, "utf8").catch(() => "")) === compiled) return;
  const env = { ...environment, NODE_COMPILE_CACHE: code };
  await promisify(execFile)(process.execPath, [...nodeFlags, entry, ...args], { env });
  await writeFile(mark, compiled, { mode: 0o600 });
}

/** Where Node keeps what it compiled, for every data directory of this user; where there is no such place, our own one. */
export function codeFolder(own: string): string {
  const shared = process.env.NODE_COMPILE_CACHE ?? "";
  return isWritable(shared) ? shared : own;
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
