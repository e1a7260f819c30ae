/** Asks gates that are somebody else's. Asking has no effect here, and may be repeated. */
import type { GateAnswered, GateQuestion } from "../domain/release/external-answer.ts";
import type { ExternalGate } from "../domain/tenant/external-gates.ts";

export type Asked = { answer: GateAnswered } | { why: string; next?: string };

export interface ExternalGates {
  /** Never throws for what the other side does: no answer in time, none that can be read, and none at all are told in words. */
  ask(gate: ExternalGate, question: GateQuestion, signal: AbortSignal): Promise<Asked>;
}
