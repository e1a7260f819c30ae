/**
 * A program that a benchmark starts as a process of its own: it gets one JSON argument and answers with JSON
 * messages, so that every contender begins cold, alone and without the driver's heap.
 */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface Program {
  pid: number;
  /** The next message of this kind. Rejects where the program ends first or takes longer than its time. */
  next(kind: string): Promise<Record<string, unknown>>;
  send(message: Record<string, unknown>): void;
  kill(signal: "SIGKILL" | "SIGTERM"): Promise<void>;
}

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export function startProgram(file: URL, argument: unknown, options: { timeoutMs: number }): Program {
  const child = fork(fileURLToPath(file), [JSON.stringify(argument)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  running.add(child);
  const messages: Record<string, unknown>[] = [];
  let wake = () => undefined as unknown;
  let ended: string | undefined;
  child.on("message", (message) => {
    messages.push(message as Record<string, unknown>);
    wake();
  });
  const gone = new Promise<void>((resolve) => {
    child.on("exit", (code, signal) => {
      running.delete(child);
      ended = `ended with ${signal ?? code}`;
      wake();
      resolve();
    });
  });
  const timer = setTimeout(() => {
    ended = `took longer than ${options.timeoutMs / 1000} s`;
    child.kill("SIGKILL");
  }, options.timeoutMs);
  timer.unref();
  gone.then(() => clearTimeout(timer));

  return {
    pid: child.pid ?? 0,
    async next(kind) {
      for (;;) {
        const at = messages.findIndex((message) => message.kind === kind);
        const [found] = at < 0 ? [] : messages.splice(at, 1);
        if (found !== undefined) return found;
        if (ended !== undefined) throw new Error(`${file.pathname} ${ended} before it said "${kind}"`);
        await new Promise<void>((resolve) => {
          wake = resolve as () => undefined;
        });
      }
    },
    send: (message) => void child.send(message),
    async kill(signal) {
      child.kill(signal);
      await gone;
    },
  };
}

/** In the program: its argument. */
export function argument<T>(): T {
  return JSON.parse(process.argv[2] ?? "{}");
}

/** In the program: resolves when the message has left. */
export function say(message: Record<string, unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(message, undefined, undefined, (error) => (error === null ? resolve() : reject(error)));
  });
}
