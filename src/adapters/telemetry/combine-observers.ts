import { type EngineObserver, silentObserver } from "../../ports/engine-observer.ts";

/** Tells each observer in turn; one that fails is passed over, because watching must not disturb the work. */
export function combineObservers(observers: EngineObserver[]): EngineObserver {
  const tell = (act: (observer: EngineObserver) => void): void => {
    for (const observer of observers) {
      try {
        act(observer);
      } catch {
        // An observer's own trouble concerns nobody who is at work.
      }
    }
  };
  return {
    stepTaken: (decision) => tell((one) => one.stepTaken(decision)),
    skillEnded: (invocation, result, startedAt) =>
      tell((one) => one.skillEnded(invocation, result, startedAt)),
    progress: (invocation, line) => tell((one) => one.progress(invocation, line)),
    trouble: (message, error) => tell((one) => one.trouble(message, error)),
  };
}

/** Steps that this process has taken, after their commit. */
export function createStepFeed() {
  type Decision = Parameters<EngineObserver["stepTaken"]>[0];
  const listeners = new Set<(decision: Decision) => void>();
  const observer: EngineObserver = {
    ...silentObserver,
    stepTaken(decision) {
      for (const listener of listeners) listener(decision);
    },
  };
  return {
    observer,
    onStep(listener: (decision: Decision) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Live lines of agents in this process, for those who follow. */
export function createProgressFeed() {
  type Line = { invocation: Parameters<EngineObserver["progress"]>[0]; line: string };
  const listeners = new Set<(line: Line) => void>();
  const observer: EngineObserver = {
    ...silentObserver,
    progress(invocation, line) {
      for (const listener of listeners) listener({ invocation, line });
    },
  };
  return {
    observer,
    onProgress(listener: (line: Line) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
