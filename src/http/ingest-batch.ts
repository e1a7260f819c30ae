/** Several CloudEvents in one request: each is taken or refused by itself, and answered so, in their order. */
import type { Context } from "hono";
import { RefusalError, refuse } from "../domain/refusal.ts";
import type { Operation } from "../operations/operation.ts";
import type { Caller, System } from "../operations/system.ts";
import { type Problem, problemOf } from "./problem.ts";

const mostEvents = 100;

/** What became of one of them: what `POST /events` answers for it alone. */
export type BatchedAnswer =
  | { id: string; status: 200; result: unknown }
  | { id: string; status: number; problem: Problem };

export function isBatch(context: Context): boolean {
  return /^application\/cloudevents-batch\+json\b/i.test(context.req.header("content-type") ?? "");
}

/** Always 207, as each has a status of its own. What stops the server in the middle is an error of the whole: sent again, each counts once. */
export async function ingestBatch(
  context: Context,
  { system, caller, operation }: { system: System; caller: Caller; operation: Operation },
): Promise<Response> {
  const events = eventsIn(await context.req.text());
  const answers: BatchedAnswer[] = [];
  for (const event of events)
    answers.push(await answerOf(event, (input) => operation.run(system, caller, input)));
  return context.json(answers, 207);
}

async function answerOf(event: unknown, run: (input: unknown) => Promise<unknown>): Promise<BatchedAnswer> {
  const named = typeof event === "object" && event !== null && "id" in event ? event.id : "";
  const id = typeof named === "string" ? named : "";
  try {
    return { id, status: 200, result: await run(event) };
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    const problem = problemOf(error.refusal);
    return { id, status: problem.status, problem };
  }
}

function eventsIn(text: string): unknown[] {
  try {
    const body: unknown = JSON.parse(text);
    if (Array.isArray(body) && body.length <= mostEvents) return body;
  } catch {
    // Said below.
  }
  throw refuse(
    "InputInvalid",
    `body: expected a JSON array of at most ${mostEvents} CloudEvents.`,
    "Send them in structured form: content-type application/cloudevents-batch+json.",
  );
}
