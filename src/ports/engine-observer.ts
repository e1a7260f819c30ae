/** What the engine tells of its work: for spans, metrics and logs. Never decides anything and must not throw. */
import type { AttemptResult, StepDecision } from "../domain/delivery/step.ts";
import type { Invocation } from "./agent.ts";

export interface EngineObserver {
  stepTaken(decision: StepDecision): void;
  skillEnded(invocation: Invocation, result: AttemptResult, startedAt: Date): void;
  /** A live line of an agent at work; kept nowhere. */
  progress(invocation: Invocation, line: string): void;
  /** Something that the engine survives and a person may want to know: a database away, a worker lost. */
  trouble(message: string, error?: unknown): void;
}

export const silentObserver: EngineObserver = {
  stepTaken: () => undefined,
  skillEnded: () => undefined,
  progress: () => undefined,
  trouble: () => undefined,
};
