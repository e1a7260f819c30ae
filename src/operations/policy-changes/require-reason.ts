import { refuse } from "../../domain/refusal.ts";
import { emptinessOf } from "../../domain/release/justification.ts";

/** Refuses with JustificationMissing a reason that says nothing. `what` begins the sentence. */
export function requireReason(reason: string, what: string): void {
  const empty = emptinessOf(reason);
  if (empty === undefined) return;
  throw refuse(
    "JustificationMissing",
    `${what} needs a reason, and this one ${empty}.`,
    "Say why: --reason '...'",
  );
}
