/** What the server refuses, as problem details (RFC 9457) say it. */
import type { components } from "./schema.d.ts";

export type Problem = components["schemas"]["Problem"];

/** Stable codes, the same on every face of the server. */
export type RefusalCode = Problem["code"];

/** Thrown by `answerOf` and by a stream. Its message says what was refused and what was expected. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  /** Of HTTP; 0 where no answer came. */
  readonly status: number;
  /** What can be done now. */
  readonly next: string | undefined;
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.detail, options);
    this.name = "Refusal";
    this.code = problem.code;
    this.status = problem.status;
    this.next = problem.next;
    this.problem = problem;
  }
}

/**
 * The answer of a call, or the refusal thrown: `await answerOf(client.GET("/environments"))`. What comes from a
 * proxy instead of the server, and is no problem details, is `Unavailable`.
 */
export async function answerOf<Data>(
  call: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<Data> {
  const { data, error, response } = await call;
  if (response.ok) return data as Data;
  throw new Refusal(problemIn(error, response));
}

/** Of the body of an answer that is not ok. */
export function problemIn(body: unknown, { status, statusText, url }: Response): Problem {
  if (isProblem(body)) return body;
  return {
    type: "urn:connectsoft:problem:Unavailable",
    title: "Unavailable",
    status,
    code: "Unavailable",
    detail: `${url} answers ${status} ${statusText}, and not as the control plane does.`.replace("  ", " "),
    next: "See what stands between: a proxy, or another server at this address.",
  };
}

function isProblem(body: unknown): body is Problem {
  if (typeof body !== "object" || body === null) return false;
  const { code, detail, status } = body as Record<string, unknown>;
  return typeof code === "string" && typeof detail === "string" && typeof status === "number";
}
