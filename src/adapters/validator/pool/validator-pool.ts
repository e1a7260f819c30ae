/**
 * The validators in threads of their own, so that a server answers while they work: the first file takes them a second
 * of loading, a module some milliseconds. Threads are started when they are needed and keep no process alive that has
 * nothing else to do.
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { CheckFiles, FileFinding } from "../../../ports/file-validator.ts";

/** What a thread answers. */
export type Answer = { id: number } & ({ findings: FileFinding[] } | { failure: unknown });

export interface ValidatorPool {
  check: CheckFiles;
  /** Loads what the first file would wait for, in the background and once. */
  warm(): void;
  /** How many have been started and live. */
  readonly threads: number;
  close(): Promise<void>;
}

export interface PoolOptions {
  /** At most as many as the machine has processors, and no more than four. */
  threads?: number;
  /** A thread that answers nothing for so long is given up. */
  timeoutMs?: number;
}

export function createValidatorPool(options: PoolOptions = {}): ValidatorPool {
  const { threads: most = Math.min(4, availableParallelism()), timeoutMs = 120_000 } = options;
  const threads = new Set<Thread>();
  let warmed = false;
  return {
    check: (files) => chosen().check(files),
    warm() {
      if (warmed) return;
      warmed = true;
      // A thread that cannot load says so to whoever asks next.
      chosen()
        .check(oneOfEach)
        .catch(() => undefined);
    },
    get threads() {
      return threads.size;
    },
    close: async () => {
      await Promise.all([...threads].map((thread) => thread.stop()));
    },
  };

  function chosen(): Thread {
    const [idlest] = [...threads].toSorted((a, b) => a.waiting - b.waiting);
    if (idlest !== undefined && (idlest.waiting < worthAThread || threads.size >= most)) return idlest;
    const started = new Thread(timeoutMs, () => threads.delete(started));
    threads.add(started);
    return started;
  }
}

/** A file for each kind of validator: what they find in it concerns nobody. */
const oneOfEach = [
  ".github/workflows/ci.yml",
  ".gitlab-ci.yml",
  "azure-pipelines.yaml",
  "Dockerfile",
  "helm/values.yaml",
  "k8s/base/deployment.yaml",
].map((path) => ({ path, content: "kind: Deployment\n" }));

/** Sets of files that take longer to look at than another thread takes to begin. */
const worthAThread = 24;

interface Waiting {
  resolve(findings: FileFinding[]): void;
  reject(reason: unknown): void;
}

class Thread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #timeoutMs: number;
  #timer: NodeJS.Timeout | undefined;
  #lastId = 0;

  constructor(timeoutMs: number, onEnd: () => void) {
    this.#timeoutMs = timeoutMs;
    this.#worker = new Worker(new URL("validator-thread.ts", import.meta.url));
    this.#worker.on("message", (answer: Answer) => this.#settle(answer));
    this.#worker.on("error", (error) => this.#end(error, onEnd));
    this.#worker.on("exit", () => this.#end(new Error("the validators' thread has ended"), onEnd));
    this.#rest();
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  check(files: Parameters<CheckFiles>[0]): Promise<FileFinding[]> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.ref();
      this.#timer ??= this.#startTimer();
      this.#worker.postMessage({ id, files });
    });
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    this.#rest();
    if ("findings" in answer) waiting?.resolve(answer.findings);
    else waiting?.reject(answer.failure);
  }

  /** Nothing stays unanswered, whatever ends it. */
  #end(reason: unknown, onEnd: () => void): void {
    onEnd();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#rest();
    for (const { reject } of waiting) reject(reason);
  }

  /** Where an answer is awaited, the time for it begins again; where none is, the process may end. */
  #rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.size > 0) this.#timer = this.#startTimer();
    else this.#worker.unref();
  }

  #startTimer(): NodeJS.Timeout {
    return setTimeout(() => void this.stop(), this.#timeoutMs).unref();
  }
}
