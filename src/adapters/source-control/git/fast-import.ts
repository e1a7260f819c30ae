/** Takes any number of files into a repository as one tree, through `git fast-import`: one pack, flushed once. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { gitEnvironment, gitFailure } from "./run-git.ts";

export interface IncomingFile {
  path: string;
  mode: "100644" | "100755" | "120000";
  content: Uint8Array;
}

/** How much is gathered before it is handed to git. */
const chunkBytes = 262_144;

/**
 * The tree of the files, held by a commit on `ref` so that nothing collects it meanwhile; the ref is the caller's
 * to remove. Where the files end with an error, nothing is stored.
 */
export async function importFiles(
  gitDir: string,
  ref: string,
  files: AsyncIterable<IncomingFile>,
): Promise<string> {
  const args = [`--git-dir=${gitDir}`, "fast-import", "--quiet", "--done", "--date-format=raw"];
  const child = spawn("git", args, { cwd: gitDir, env: gitEnvironment({ gitDir }), stdio: "pipe" });
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
    for await (const chunk of gathered(commands(ref, files))) {
      if (broken.signal.aborted) break;
      if (!child.stdin.write(chunk))
        await once(child.stdin, "drain", { signal: broken.signal }).catch(() => 0);
    }
  } catch (error) {
    // Without `done` git throws away what it has read.
    child.stdin.destroy();
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

async function* commands(ref: string, files: AsyncIterable<IncomingFile>): AsyncIterable<Uint8Array[]> {
  yield [text(`commit ${ref}\nmark :1\ncommitter import <import@connectsoft.invalid> 0 +0000\ndata 0\n\n`)];
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
