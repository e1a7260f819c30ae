/** Ids of spans, derived from what they are of: every process, and every screen, says the same without asking. */
import { sha256Hex } from "../canonical-json.ts";
import { type Subject, subjectKey } from "../scope.ts";

/** Trace id: the first 16 bytes of SHA-256 over `<tenantId>/<traceId>`. Span id: the first 8 over the whole subject. */
export function deliveryIds(subject: Subject): { traceId: string; spanId: string } {
  return {
    traceId: sha256Hex(`${subject.tenantId}/${subject.traceId}`).slice(0, 32),
    spanId: sha256Hex(subjectKey(subject)).slice(0, 16),
  };
}

/** Of one attempt of a skill: the first 8 bytes of SHA-256 over `<invocationId>.<attempt>`. */
export function attemptSpanId(invocationId: string, attempt: number): string {
  return sha256Hex(`${invocationId}.${attempt}`).slice(0, 16);
}

/** Of what is a span on screens alone. */
export function ownSpanId(name: string): string {
  return sha256Hex(`screen:${name}`).slice(0, 16);
}
