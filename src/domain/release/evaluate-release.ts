/** The verdict on a release: every gate is asked, and every reason is given, not only the first. */
import type { Refusal } from "../refusal.ts";
import { type Evidence, type Gate, type GateResult, toResult } from "./gate.ts";
import { untilItComes } from "./wait-for-evidence.ts";

export type Verdict =
  | { verdict: "Approved"; gates: GateResult[]; reasons: Refusal[] }
  | { verdict: "Rejected"; gates: GateResult[]; reasons: Refusal[] }
  /** Held by something other than people: until a time, or until it changes. */
  | { verdict: "Delayed"; gates: GateResult[]; reasons: Refusal[]; until?: string }
  | { verdict: "AwaitingApproval"; gates: GateResult[]; reasons: Refusal[] };

export function evaluateRelease(gates: readonly Gate[], evidence: Evidence): Verdict {
  const results = gates.map((gate) => toResult(gate, untilItComes(gate.answer(evidence), evidence)));
  const failures = results.filter(({ refusal }) => refusal !== undefined);
  const reasons = failures.flatMap((result) => (result.refusal === undefined ? [] : [result.refusal]));
  if (failures.some((result) => result.effect === "rejects"))
    return { verdict: "Rejected", gates: results, reasons };
  const asksPeople = failures.some((result) => result.gate === "approval");
  const later = new Set(
    gates.filter(({ afterApproval }) => asksPeople && afterApproval).map(({ name }) => name),
  );
  const held = failures.filter((result) => result.gate !== "approval" && !later.has(result.gate));
  if (held.length > 0) {
    const until = endOfWait(results) ?? endOf(held);
    const delayed = { verdict: "Delayed" as const, gates: results, reasons };
    return until === undefined ? delayed : { ...delayed, until };
  }
  return { verdict: failures.length > 0 ? "AwaitingApproval" : "Approved", gates: results, reasons };
}

/** Only when every hold ends by itself is there a time at which looking again makes sense. */
function endOf(held: readonly GateResult[]): string | undefined {
  const times = held.map(({ until }) => until);
  return times.every((time) => time !== undefined) ? times.sort().at(-1) : undefined;
}

/** When evidence has not come in its time the release is rejected, whatever else holds it. */
function endOfWait(results: readonly GateResult[]): string | undefined {
  return results.find(({ awaited }) => awaited === true)?.until;
}
