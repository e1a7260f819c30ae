/** The verdict on a release: every gate is asked, and every reason is given, not only the first. */
import type { Refusal } from "../refusal.ts";
import { type Evidence, type Gate, type GateResult, toResult } from "./gate.ts";

export type Verdict =
  | { verdict: "Approved"; gates: GateResult[]; reasons: Refusal[] }
  | { verdict: "Rejected"; gates: GateResult[]; reasons: Refusal[] }
  /** Held by something other than people: until a time, or until it changes. */
  | { verdict: "Delayed"; gates: GateResult[]; reasons: Refusal[]; until?: string }
  | { verdict: "AwaitingApproval"; gates: GateResult[]; reasons: Refusal[] };

export function evaluateRelease(gates: readonly Gate[], evidence: Evidence): Verdict {
  const results = gates.map((gate) => toResult(gate, gate.answer(evidence)));
  const failures = results.filter((result) => result.status === "Failed");
  const reasons = failures.flatMap((result) => (result.refusal === undefined ? [] : [result.refusal]));
  if (failures.some((result) => result.effect === "rejects"))
    return { verdict: "Rejected", gates: results, reasons };
  const asksPeople = failures.some((result) => result.gate === "approval");
  const later = new Set(
    gates.filter(({ afterApproval }) => asksPeople && afterApproval).map(({ name }) => name),
  );
  const held = failures.filter((result) => result.gate !== "approval" && !later.has(result.gate));
  if (held.length > 0) {
    const times = held.map((result) => result.until);
    // Only when every hold ends by itself is there a time at which looking again makes sense.
    const until = times.every((time) => time !== undefined) ? times.sort().at(-1) : undefined;
    const delayed = { verdict: "Delayed" as const, gates: results, reasons };
    return until === undefined ? delayed : { ...delayed, until };
  }
  return { verdict: failures.length > 0 ? "AwaitingApproval" : "Approved", gates: results, reasons };
}
