/** Where a rollout stands, by what was announced of it: whoever takes it up goes on from there. */
import type { JsonObject } from "../json.ts";

/** A `RolloutProgressed` that is on the chain. */
export interface ProgressEvent {
  time: string;
  data: JsonObject;
}

export interface DoneStep {
  step: string;
  /** From 1, as people count. */
  index: number;
  attempt: number;
  durationMs: number;
  /** What the step found, such as a check's answer. */
  facts: JsonObject;
}

export interface RolloutProgress {
  /** From 1; each failed attempt is followed by another one. */
  attempt: number;
  /** How many of this attempt's steps are done. */
  done: number;
  /** When the last of them was, or the attempt before had failed, ISO 8601; undefined where nothing was done yet. */
  since: string | undefined;
  /** When this attempt may begin, ISO 8601. */
  notBefore: string | undefined;
  /** Of all attempts. */
  steps: DoneStep[];
}

/** The name that a failed attempt has in the place of a step. */
export const failedAttempt = "failed";

export const nothingDone: RolloutProgress = {
  attempt: 1,
  done: 0,
  since: undefined,
  notBefore: undefined,
  steps: [],
};

/** Of one invocation, oldest first. */
export function rolloutProgress(events: readonly ProgressEvent[]): RolloutProgress {
  return events.reduce(progressed, nothingDone);
}

export function progressed(progress: RolloutProgress, { time: since, data }: ProgressEvent): RolloutProgress {
  const { step, index, attempt, durationMs, retryAt, facts } = data;
  if (step === failedAttempt) {
    const notBefore = typeof retryAt === "string" ? retryAt : undefined;
    return { ...progress, attempt: Number(attempt) + 1, done: 0, since, notBefore };
  }
  const done = {
    step: String(step),
    index: Number(index),
    attempt: Number(attempt),
    durationMs: Number(durationMs ?? 0),
    facts: (facts ?? {}) as JsonObject,
  };
  return { ...progress, done: done.index, since, steps: [...progress.steps, done] };
}
