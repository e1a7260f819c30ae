/** Does something again and again, one time after the other, for as long as the server lives. */
import { setTimeout as delay } from "node:timers/promises";
import { RefusalError } from "../domain/refusal.ts";

export interface Repeated {
  /** Resolves when what is under way has ended. */
  stop(): Promise<void>;
}

export interface Repetition {
  /** Between the end of one time and the next. */
  everyMs: number;
  task(signal: AbortSignal): Promise<void>;
  /** What could not be done, for the log. */
  said: string;
  trouble(message: string, error: unknown): void;
}

export function repeat({ everyMs, task, said, trouble }: Repetition): Repeated {
  const stopping = new AbortController();
  const { signal } = stopping;
  const ended = go();
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };

  async function go(): Promise<void> {
    let troubled = false;
    while (!signal.aborted) {
      try {
        await task(signal);
        troubled = false;
      } catch (error) {
        // What is away comes back, or others say so too; the rest is told once and not each time.
        const away = error instanceof RefusalError && error.refusal.code === "Unavailable";
        if (!troubled && !away && !signal.aborted) trouble(said, error);
        troubled = true;
      }
      await delay(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
