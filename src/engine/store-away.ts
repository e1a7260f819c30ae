import { RefusalError } from "../domain/refusal.ts";

/** The store gave no answer: the step may have been taken or not. What is submitted again is recognised by its ids. */
export class StoreAway extends RefusalError {
  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super({
      code: "Unavailable",
      message: `The database gave no answer: ${reason}`,
      next: "Try again: what was taken already is recognised.",
    });
    this.cause = cause;
  }
}
