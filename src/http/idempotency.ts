/** `Idempotency-Key`: a request that is sent again is answered as before, and done once. */
import { setTimeout as pause } from "node:timers/promises";
import type { Context } from "hono";
import { digestOf } from "../domain/canonical-json.ts";
import { type Refusal, RefusalError, refuse } from "../domain/refusal.ts";
import type { Operation } from "../operations/operation.ts";
import type { Caller, KeptAnswer, KeyedRequest, System } from "../operations/system.ts";
import { problemOf } from "./problem.ts";

interface Asked {
  system: Pick<System, "answers">;
  caller: Caller;
  operation: Operation;
  input: object;
}

const keyForm = /^[\x21-\x7e]{1,200}$/;
/** They hold what nobody but the caller may have: it is shown, and not kept. */
export const shownOnce = [
  "createHook",
  "createSubscription",
  "createToken",
  "makeSignInLink",
  "rotateSubscriptionSecret",
];
/** What is larger is no answer to a change. */
const longestKept = 256 * 1024;
const patienceMs = 10_000;
const lookEveryMs = 50;

/** `run` makes the answer, or refuses. */
export async function onceByKey(
  context: Context,
  { system: { answers }, caller, operation, input }: Asked,
  run: () => Promise<Response>,
): Promise<Response> {
  const given = context.req.header("idempotency-key");
  if (given === undefined || context.req.method !== "POST") return run();
  if (!keyForm.test(given))
    throw refuse("InputInvalid", "idempotency-key: expected 1 to 200 visible characters.", "Send a UUID.");
  const { tenantId, person } = caller;
  const asked = { tenantId, person, operation: operation.name, key: given, request: digestOf(input) };
  const known = await take(answers, asked);
  if (known !== undefined) return replay(context, known);
  try {
    const response = await run();
    await keep(answers, asked, response);
    return response;
  } catch (error) {
    if (error instanceof RefusalError) await keepRefusal(answers, asked, error);
    else await answers.drop(asked);
    throw error;
  }
}

/** Undefined: it is this request's to do. */
async function take(answers: System["answers"], asked: KeyedRequest): Promise<KeptAnswer | undefined> {
  for (let waitedMs = 0; ; waitedMs += lookEveryMs) {
    const begun = await answers.begin(asked);
    if (begun.kind === "yours") return undefined;
    if (begun.kind === "answered") return begun.answer;
    if (begun.kind === "other")
      throw refuse(
        "IdempotencyKeyReused",
        "This idempotency-key was used for another request.",
        "Make a new key for each thing that is to be done.",
      );
    if (waitedMs >= patienceMs)
      throw refuse("Conflict", "The same request is still being done.", "Send it again in a moment.");
    await pause(lookEveryMs);
  }
}

function replay(context: Context, { status, body }: KeptAnswer): Response {
  if (body === undefined)
    throw refuse(
      "Conflict",
      "This was done before, and what it made was shown once.",
      "End what was made, if it is lost, and ask with another key.",
    );
  context.header("idempotency-replayed", "true");
  if (status >= 400) throw new RefusalError(JSON.parse(body) as Refusal);
  return context.body(body, status as 200, { "content-type": "application/json" });
}

async function keep(answers: System["answers"], asked: KeyedRequest, response: Response): Promise<void> {
  const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
  if (!isJson) return answers.drop(asked);
  if (shownOnce.includes(asked.operation)) return answers.keep(asked, { status: response.status });
  const body = await response.clone().text();
  if (body.length > longestKept) return answers.drop(asked);
  await answers.keep(asked, { status: response.status, body });
}

/** What a moment decides is asked again: who waits is not refused for a day. */
async function keepRefusal(
  answers: System["answers"],
  asked: KeyedRequest,
  { refusal }: RefusalError,
): Promise<void> {
  const { status } = problemOf(refusal);
  if (status === 409 || status === 429 || status >= 500) await answers.drop(asked);
  else await answers.keep(asked, { status, body: JSON.stringify(refusal) });
}
