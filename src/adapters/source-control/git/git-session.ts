/**
 * One git process of a repository and a command that answers question after question: starting a program costs more
 * than most questions. It sees what other processes write, keeps nobody's process alive, and ends when idle.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { statSync } from "node:fs";
import { gitEnvironment } from "./run-git.ts";

/** What an answer's bytes mean and how many they are; a number: so many bytes are needed first. */
export type ParseAnswer<T> = (output: Buffer) => { value: T; length: number } | number;

/** git ended instead of an answer; whoever had not been answered yet is asked again elsewhere. */
export class SessionEnded extends Error {
  readonly stderr: string;
  constructor(command: string, stderr: string) {
    super(`git ${command} ended: ${stderr.trim()}`);
    this.name = "SessionEnded";
    this.stderr = stderr;
  }
}

const idleMs = 2_000;
const sessions = new Map<string, GitSession>();

export async function askSession<T>(
  gitDir: string,
  command: readonly string[],
  question: { input: string; parse: ParseAnswer<T> },
): Promise<T> {
  // A repository that was removed and made anew is another one.
  const { ino } = statSync(gitDir);
  return await new Promise<T>((resolve, reject) => {
    const { input, parse } = question;
    ask(gitDir, [`${gitDir}\0${ino}`, ...command], {
      input,
      reject,
      take(output) {
        const parsed = parse(output);
        if (typeof parsed === "number") return parsed;
        resolve(parsed.value);
        return { length: parsed.length };
      },
    });
  });
}

interface Question {
  input: string;
  take(output: Buffer): { length: number } | number;
  reject(error: Error): void;
}

function ask(gitDir: string, [place = "", ...command]: string[], question: Question): void {
  const key = [place, ...command].join("\0");
  let session = sessions.get(key);
  if (session === undefined) {
    session = new GitSession(gitDir, command, {
      forget: (ended) => {
        if (sessions.get(key) === ended) sessions.delete(key);
      },
      askElsewhere: (waiting) => ask(gitDir, [place, ...command], waiting),
    });
    sessions.set(key, session);
  }
  session.ask(question);
}

interface SessionKeeper {
  forget(session: GitSession): void;
  askElsewhere(question: Question): void;
}

class GitSession {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #keeper: SessionKeeper;
  readonly #idle: NodeJS.Timeout;
  readonly #questions: Question[] = [];
  readonly #stderr: Buffer[] = [];
  #output: Buffer[] = [];
  #received = 0;
  #needed = 1;

  constructor(gitDir: string, command: string[], keeper: SessionKeeper) {
    this.#keeper = keeper;
    this.#child = spawn("git", [`--git-dir=${gitDir}`, ...command], {
      cwd: gitDir,
      env: gitEnvironment({ gitDir }),
      stdio: "pipe",
    });
    this.#child.stdout.on("data", (chunk: Buffer) => this.#take(chunk));
    this.#child.stderr.on("data", (chunk: Buffer) => this.#stderr.push(chunk));
    this.#child.stdin.on("error", () => undefined);
    this.#child.on("error", (error) => this.#end(error));
    this.#child.on("close", () =>
      this.#end(new SessionEnded(command.join(" "), Buffer.concat(this.#stderr).toString("utf8"))),
    );
    this.#idle = setTimeout(() => this.#retire(), idleMs).unref();
    this.#hold(false);
  }

  ask(question: Question): void {
    if (this.#questions.length === 0) this.#hold(true);
    this.#questions.push(question);
    this.#child.stdin.write(question.input);
  }

  #take(chunk: Buffer): void {
    this.#output.push(chunk);
    this.#received += chunk.length;
    if (this.#received < this.#needed) return;
    let rest = this.#output.length === 1 ? chunk : Buffer.concat(this.#output);
    this.#needed = 1;
    for (let question = this.#questions[0]; question !== undefined; question = this.#questions[0]) {
      const taken = question.take(rest);
      if (typeof taken === "number") {
        this.#needed = taken;
        break;
      }
      this.#questions.shift();
      rest = rest.subarray(taken.length);
    }
    this.#output = [rest];
    this.#received = rest.length;
    if (this.#questions.length === 0) this.#hold(false);
  }

  /** Only a question that waits for its answer keeps this program from ending. */
  #hold(busy: boolean): void {
    const { stdin, stdout, stderr } = this.#child;
    const parts = [this.#child, stdin, stdout, stderr] as { ref?(): void; unref?(): void }[];
    for (const part of parts) busy ? part.ref?.() : part.unref?.();
    this.#idle.refresh();
  }

  #retire(): void {
    if (this.#questions.length > 0) return;
    this.#keeper.forget(this);
    this.#child.stdin.end();
  }

  #end(error: Error): void {
    clearTimeout(this.#idle);
    this.#keeper.forget(this);
    const [first, ...others] = this.#questions.splice(0);
    first?.reject(error);
    for (const question of others) this.#keeper.askElsewhere(question);
  }
}
