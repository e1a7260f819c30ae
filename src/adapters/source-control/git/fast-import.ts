/** Takes any number of files into a repository as one tree, through `git fast-import`: one pack, flushed once. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { IncomingFile } from "./folder-files.ts";
import { takeOverPacks } from "./pack.ts";
import type { Repository } from "./repository.ts";
import { gitEnvironment, gitFailure } from "./run-git.ts";

/** How much is gathered before it is handed to git. */
const chunkBytes = 262_144;

/**
 * The tree of the files. git writes into a repository of this call alone, which sees what the real one holds; its
 * pack moves over only when it is whole and flushed, so nothing stays of what was refused, killed or did not fit.
 */
export async function importFiles(
  repository: Repository,
  scratch: string,
  files: AsyncIterable<IncomingFile>,
): Promise<string> {
  const staged = join(scratch, "incoming.git");
  for (const folder of ["objects/pack", "refs"]) await mkdir(join(staged, folder), { recursive: true });
  await writeFile(join(staged, "HEAD"), "ref: refs/heads/incoming\n");
  const objects = join(repository.gitDir, "objects");
  const tree = await runImport(staged, objects, files);
  await takeOverPacks(join(staged, "objects", "pack"), repository.gitDir);
  return tree;
}

async function runImport(
  gitDir: string,
  alternate: string,
  files: AsyncIterable<IncomingFile>,
): Promise<string> {
  const whole = ["-c", "fastimport.unpackLimit=1", `--git-dir=${gitDir}`];
  const args = [...whole, "fast-import", "--quiet", "--done", "--date-format=raw"];
  const env = gitEnvironment({ env: { GIT_ALTERNATE_OBJECT_DIRECTORIES: alternate } });
  const child = spawn("git", args, { cwd: gitDir, env, stdio: "pipe" });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  const broken = new AbortController();
  child.stdin.on("error", () => broken.abort());
  const ended = new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      broken.abort();
      resolve(code ?? 128);
    });
  });
  try {
    for await (const chunk of gathered(commands(files))) {
      if (broken.signal.aborted) break;
      if (!child.stdin.write(chunk))
        await once(child.stdin, "drain", { signal: broken.signal }).catch(() => 0);
    }
  } catch (error) {
    child.kill("SIGKILL");
    await ended;
    throw error;
  }
  child.stdin.end();
  const exitCode = await ended;
  const result = { exitCode, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString("utf8") };
  if (exitCode !== 0) throw gitFailure(["fast-import"], result);
  const [, tree] = /^040000 tree ([0-9a-f]+)\t/.exec(result.stdout.toString("utf8")) ?? [];
  if (tree === undefined) throw new Error(`git fast-import named no tree: ${result.stdout.toString("utf8")}`);
  return tree;
}

async function* commands(files: AsyncIterable<IncomingFile>): AsyncIterable<Uint8Array[]> {
  yield [
    text(
      `commit refs/heads/incoming\nmark :1\ncommitter import <import@connectsoft.invalid> 0 +0000\ndata 0\n\n`,
    ),
  ];
  for await (const { path, mode, content } of files)
    yield [text(`M ${mode} inline ${quoted(path)}\ndata ${content.length}\n`), content, text("\n")];
  yield [text('\nls :1 ""\ndone\n')];
}

async function* gathered(parts: AsyncIterable<Uint8Array[]>): AsyncIterable<Uint8Array> {
  let pending: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of parts) {
    pending.push(...part);
    bytes += part.reduce((sum, piece) => sum + piece.length, 0);
    if (bytes < chunkBytes) continue;
    yield Buffer.concat(pending);
    [pending, bytes] = [[], 0];
  }
  yield Buffer.concat(pending);
}

function text(words: string): Uint8Array {
  return Buffer.from(words, "utf8");
}

/** As C does; control characters were refused before. */
function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, "\\$&")}"`;
}
