/**
 * Reads objects and refs through one `git cat-file --batch` a repository that lives as long as it is asked: it sees
 * what other processes write, keeps nobody's process alive, and ends when nothing was asked for a while.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { stat } from "node:fs/promises";
import type { GitObject, ObjectType } from "./objects.ts";
import type { Repository } from "./repository.ts";
import { gitEnvironment } from "./run-git.ts";

const idleMs = 2_000;
const readers = new Map<string, ObjectReader>();

/** The object with this id, or that this full ref points to; undefined where it is not there. */
export async function readObject({ gitDir }: Repository, name: string): Promise<GitObject | undefined> {
  // A repository that was removed and made anew is another one.
  const { ino } = await stat(gitDir);
  const key = `${gitDir}\0${ino}`;
  let reader = readers.get(key);
  if (reader === undefined) {
    reader = new ObjectReader(gitDir, () => readers.delete(key));
    readers.set(key, reader);
  }
  return await reader.read(name);
}

interface Question {
  name: string;
  answer(object: GitObject | undefined): void;
  fail(error: Error): void;
}

class ObjectReader {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #questions: Question[] = [];
  readonly #forget: () => void;
  readonly #idle: NodeJS.Timeout;
  #output: Buffer[] = [];
  #received = 0;
  #needed = 1;

  constructor(gitDir: string, forget: () => void) {
    this.#forget = forget;
    this.#child = spawn("git", [`--git-dir=${gitDir}`, "cat-file", "--batch"], {
      cwd: gitDir,
      env: gitEnvironment({ gitDir }),
      stdio: "pipe",
    });
    this.#child.stdout.on("data", (chunk: Buffer) => this.#take(chunk));
    this.#child.stderr.resume();
    this.#child.stdin.on("error", () => undefined);
    this.#child.on("error", (error) => this.#end(error));
    this.#child.on("close", () => this.#end(new Error(`git cat-file of ${gitDir} ended`)));
    this.#idle = setTimeout(() => this.#retire(), idleMs).unref();
    this.#hold(false);
  }

  read(name: string): Promise<GitObject | undefined> {
    return new Promise((answer, fail) => {
      if (this.#questions.length === 0) this.#hold(true);
      this.#questions.push({ name, answer, fail });
      this.#child.stdin.write(`${name}\n`);
    });
  }

  #take(chunk: Buffer): void {
    this.#output.push(chunk);
    this.#received += chunk.length;
    if (this.#received < this.#needed) return;
    let rest = this.#output.length === 1 ? chunk : Buffer.concat(this.#output);
    for (;;) {
      const parsed = parseAnswer(rest);
      if (typeof parsed === "number") {
        this.#needed = parsed;
        break;
      }
      rest = rest.subarray(parsed.length);
      this.#questions.shift()?.answer(parsed.object);
    }
    this.#output = [rest];
    this.#received = rest.length;
    if (this.#questions.length === 0) this.#hold(false);
  }

  /** Only a question that waits for its answer keeps this program from ending. */
  #hold(busy: boolean): void {
    const parts = [this.#child, this.#child.stdin, this.#child.stdout, this.#child.stderr] as unknown as {
      ref(): void;
      unref(): void;
    }[];
    for (const part of parts) busy ? part.ref() : part.unref();
    this.#idle.refresh();
  }

  #retire(): void {
    if (this.#questions.length > 0) return;
    this.#forget();
    this.#child.stdin.end();
  }

  #end(error: Error): void {
    clearTimeout(this.#idle);
    this.#forget();
    for (const question of this.#questions.splice(0)) question.fail(error);
  }
}

/** `<id> SP <type> SP <size> LF <content> LF`, or `<name> missing LF`; a number: so many bytes are needed. */
function parseAnswer(output: Buffer): { object: GitObject | undefined; length: number } | number {
  const lineEnd = output.indexOf(0x0a);
  if (lineEnd < 0) return output.length + 1;
  const [id = "", type = "", size] = output.toString("utf8", 0, lineEnd).split(" ");
  if (size === undefined) return { object: undefined, length: lineEnd + 1 };
  const start = lineEnd + 1;
  const end = start + Number(size);
  if (output.length < end + 1) return end + 1;
  return { object: { id, type: type as ObjectType, body: output.subarray(start, end) }, length: end + 1 };
}
