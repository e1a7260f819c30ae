/** Hands the result of an attempt in. It is kept in hand for as long as the database is away. */
import type { AttemptResult } from "../domain/delivery/step.ts";
import { RefusalError } from "../domain/refusal.ts";
import type { Subject } from "../domain/scope.ts";
import type { Hands } from "./agent-context.ts";
import { StoreAway } from "./store-away.ts";

const firstDelayMs = 100;
const longestDelayMs = 2_000;

/**
 * Resolves when the result is durable, or when the caller gives up while the database is away: then the job
 * is still open. A result that cannot become a fact ends its invocation as failed, because nothing else would.
 * Rejects where not even that can be stated.
 */
export async function handIn(
  hands: Hands,
  subject: Subject,
  { result, givesUp }: { result: AttemptResult; givesUp(): boolean },
): Promise<void> {
  const { conductor, observer, clock } = hands;
  let delayMs = firstDelayMs;
  let inHand = result;
  for (;;) {
    try {
      await conductor.submit(subject, { kind: "result", result: inHand });
      return;
    } catch (error) {
      if (error instanceof StoreAway) {
        if (givesUp()) return;
        observer.trouble("the database did not take a result; trying again", error);
        const waitMs = delayMs;
        await new Promise<void>((resolve) => clock.schedule(waitMs, resolve));
        delayMs = Math.min(delayMs * 2, longestDelayMs);
      } else if (inHand === result) {
        observer.trouble(`the result of ${result.invocationId} is refused`, error);
        inHand = refused(result, error);
      } else throw error;
    }
  }
}

function refused(result: AttemptResult, error: unknown): AttemptResult {
  const message = error instanceof Error ? error.message : String(error);
  const refusal =
    error instanceof RefusalError
      ? error.refusal
      : { code: "ResultRefused", message, next: "See the server's log." };
  return { ...result, emits: [], artifacts: [], end: { status: "Failed", refusal, retryable: false } };
}
