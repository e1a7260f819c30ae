/** What a gate found: its sentence names the first, and its result, which ReleaseSummary.json keeps, lists all. */
import type { GateAnswer } from "../gate.ts";

const mostNamed = 5;
/** So that a verdict stays a page that can be read. */
const mostKept = 1_000;

export function isNamedWhole(found: readonly string[]): boolean {
  return found.length <= mostNamed;
}

export function nameFirst(found: readonly string[]): string {
  const named = found.slice(0, mostNamed).join("; ");
  if (isNamedWhole(found)) return named;
  return `${named}; and ${found.length - mostNamed} more (ReleaseSummary.json lists all ${found.length})`;
}

export function withFindings(found: readonly string[], answer: GateAnswer): GateAnswer {
  if (answer.status !== "Failed" || isNamedWhole(found)) return answer;
  return { ...answer, findings: found.slice(0, mostKept) };
}
