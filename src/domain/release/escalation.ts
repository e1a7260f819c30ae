/** To whom a request goes that nobody answers, and when it goes further. */
import { parseDuration } from "../flow/duration.ts";
import type { Role } from "../tenant/role.ts";
import type { EscalationStep } from "./approval-policy.ts";

export interface DueStep {
  /** Place in the policy's list, from 1. */
  step: number;
  after: string;
  to: readonly Role[];
}

/** Steps of the policy that are due and were not taken, and when the next one is. */
export function escalationsDue(
  steps: readonly EscalationStep[] | undefined,
  { askedAt, taken, now }: { askedAt: string; taken: readonly number[]; now: string },
): { due: DueStep[]; next?: string } {
  const open = (steps ?? [])
    .map(({ after, to }, index) => ({ step: index + 1, after, to, at: dueAt(askedAt, after) }))
    .filter(({ step }) => !taken.includes(step));
  const due = open.filter(({ at }) => at <= Date.parse(now));
  const next = open
    .filter(({ at }) => at > Date.parse(now))
    .map(({ at }) => at)
    .sort((a, b) => a - b)[0];
  return {
    due: due.map(({ step, after, to }) => ({ step, after, to })),
    ...(next !== undefined && { next: new Date(next).toISOString() }),
  };
}

/** Steps that were taken, by the time or by a person who did not want to wait for it. */
export function stepsTaken(
  escalations: readonly { data: Record<string, unknown> }[],
  releaseId: string,
): number[] {
  return escalations
    .filter(({ data }) => data.releaseId === releaseId && typeof data.step === "number")
    .map(({ data }) => Number(data.step));
}

function dueAt(askedAt: string, after: string): number {
  return Date.parse(askedAt) + (parseDuration(after) ?? 0);
}
