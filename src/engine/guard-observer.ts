/** Keeps what watches the engine from breaking it: an observer that throws must not cost a step or an attempt. */
import type { EngineObserver } from "../ports/engine-observer.ts";

export function guardObserver(observer: EngineObserver): EngineObserver {
  return {
    stepTaken: (decision) => attempt(() => observer.stepTaken(decision)),
    skillEnded: (...what) => attempt(() => observer.skillEnded(...what)),
    progress: (...what) => attempt(() => observer.progress(...what)),
    trouble: (...what) => attempt(() => observer.trouble(...what)),
  };

  function attempt(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      try {
        observer.trouble("what watches the engine has failed", error);
      } catch {
        // There is nobody left to tell.
      }
    }
  }
}
