/** Refuses a body that is longer than an address takes, before it is read to its end. */
import type { Context, Env, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { type RefusalError, refuse } from "../domain/refusal.ts";
import { answerProblem } from "./answer-problem.ts";
import { problemOf } from "./problem.ts";

/** `note`: what stands on record of it, where it is known who sent it. */
export function limitBody<Known extends Env>(
  longestBytes: number,
  note?: (context: Context<Known>, error: RefusalError) => Promise<void>,
): MiddlewareHandler<Known> {
  return bodyLimit({
    maxSize: longestBytes,
    async onError(context) {
      const error = refuse("InputInvalid", `body: at most ${longestBytes} bytes are taken.`, "Send less.");
      await note?.(context, error);
      return answerProblem(context, { ...problemOf(error.refusal), status: 413 });
    },
  });
}
