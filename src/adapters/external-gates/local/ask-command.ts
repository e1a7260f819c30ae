/**
 * Runs a program of the folder of gates: the question on its standard input, the answer on its standard output. It gets
 * nothing of the server's environment, and ends with everything it started when its time is over.
 */
import { spawn } from "node:child_process";
import { access, constants, realpath } from "node:fs/promises";
import path from "node:path";
import type { GateQuestion } from "../../../domain/release/external-answer.ts";
import type { Asked } from "../../../ports/external-gates.ts";
import { longestAnswer, readAnswer } from "../read-answer.ts";

export async function askCommand(
  { folder, command: [name, ...args] }: { folder: string; command: readonly [string, ...string[]] },
  question: GateQuestion,
  { signal, timeoutMs }: { signal: AbortSignal; timeoutMs: number },
): Promise<Asked> {
  const file = await programIn(folder, name);
  if (file === undefined)
    return {
      why: `the server has no program ${name} for gates`,
      next: `Whoever runs the server puts it into ${folder}, as a file that can be run.`,
    };
  const child = spawn(file, args, {
    cwd: folder,
    env: { PATH: "/usr/local/bin:/usr/bin:/bin", LANG: "C.UTF-8" },
    stdio: ["pipe", "pipe", "ignore"],
    // Its own group, so that it ends with all that it started.
    detached: true,
  });
  const end = () => {
    if (child.pid !== undefined) killGroup(child.pid);
  };
  const inTime = AbortSignal.timeout(timeoutMs);
  inTime.addEventListener("abort", end);
  signal.addEventListener("abort", end);
  const chunks: Buffer[] = [];
  let length = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length > longestAnswer) end();
    else chunks.push(chunk);
  });
  // One that does not read the question may answer all the same.
  child.stdin.on("error", () => {});
  child.stdin.end(JSON.stringify(question));
  try {
    const { code, failure } = await ended(child);
    signal.throwIfAborted();
    if (inTime.aborted) return { why: `it took longer than ${timeoutMs / 1_000} s and was ended` };
    if (length > longestAnswer) return { why: `its answer is longer than ${longestAnswer} bytes` };
    if (failure !== undefined) return { why: `it could not be started (${failure})` };
    if (code !== 0)
      return { why: code === null ? "it was ended by a signal" : `it ended with exit code ${code}` };
    return readAnswer(Buffer.concat(chunks).toString("utf8"));
  } finally {
    inTime.removeEventListener("abort", end);
    signal.removeEventListener("abort", end);
    end();
  }
}

/** Undefined where it is not there, cannot be run, or leads out of the folder. */
async function programIn(folder: string, name: string): Promise<string | undefined> {
  try {
    const [root, file] = await Promise.all([realpath(folder), realpath(path.join(folder, name))]);
    if (path.dirname(file) !== root) return undefined;
    await access(file, constants.X_OK);
    return file;
  } catch {
    return undefined;
  }
}

function ended(child: ReturnType<typeof spawn>): Promise<{ code: number | null; failure?: string }> {
  return new Promise((resolve) => {
    child.once("error", (error: NodeJS.ErrnoException) =>
      resolve({ code: null, failure: error.code ?? error.message }),
    );
    child.once("close", (code) => resolve({ code }));
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended with all that it started.
  }
}
