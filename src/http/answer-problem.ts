/** A problem as an answer, with the challenge that belongs to it. */
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Problem } from "./problem.ts";

export function answerProblem(context: Context, body: Problem): Response {
  return context.body(
    JSON.stringify({ ...body, instance: new URL(context.req.url).pathname }),
    body.status as ContentfulStatusCode,
    {
      "content-type": "application/problem+json",
      ...(body.status === 401 && { "www-authenticate": challengeOf(body) }),
    },
  );
}

/** RFC 6750 §3.1: a token that is not good is `invalid_token`; where there was none, no error is named. */
function challengeOf({ code, detail }: Problem): string {
  if (code === "Unauthenticated") return "Bearer";
  return `Bearer error="invalid_token", error_description="${detail.replace(/[^ !#-[\]-~]/g, "'")}"`;
}
