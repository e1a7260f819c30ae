/** A person's session in a browser: begun with a token or the code of a link, shown, and ended. */
import type { Context, Env, Hono } from "hono";
import { csrfTokenOf } from "../../domain/access/session.ts";
import { RefusalError, refuse } from "../../domain/refusal.ts";
import {
  type BegunSession,
  beginSession,
  beginSessionInput,
  endSession,
} from "../../operations/sessions/begin-session.ts";
import { showSession } from "../../operations/sessions/show-session.ts";
import type { System } from "../../operations/system.ts";
import type { Authentication } from "../authenticate.ts";
import { connectionOf } from "../connection.ts";
import type { RateLimits } from "../rate-limit.ts";
import { requireOwnSite } from "./require-own-page.ts";
import type { SessionAnswer } from "./session-answer.ts";
import { forgetSession, keepSession } from "./session-cookie.ts";

export interface SessionFaceOptions {
  authentication: Authentication;
  limits: RateLimits;
  trustProxy: boolean;
  version: string;
  /** Of this server as a client of providers, by the name of an environment variable. */
  secretOf(variable: string): string | undefined;
}

const longestBody = 32 * 1024;

export function addSession<E extends Env>(
  app: Hono<E>,
  system: System,
  { authentication, limits, trustProxy, version }: SessionFaceOptions,
): void {
  const answer = async (context: Context, { caller, session, secret }: BegunSession) =>
    context.json({
      ...(await showSession(system, caller, session)),
      csrfToken: csrfTokenOf(secret),
      server: { version },
    } satisfies SessionAnswer);

  app.post("/session", async (context) => {
    const connection = connectionOf(context, { trustProxy });
    requireOwnSite(context, connection);
    const given = await bodyOf(context);
    const begun = await limits.signIn(context, connection.address, async () => {
      const found = await beginSession(system, given, context.req.header("user-agent") ?? "");
      if (!("refusal" in found)) return found;
      await authentication.record(found);
      throw new RefusalError(found.refusal);
    });
    keepSession(context, connection, { secret: begun.secret, endsAt: begun.session.endsAt });
    return answer(context, begun);
  });
  app.get("/session", async (context) => answer(context, await authentication.session(context)));
  app.delete("/session", async (context) => {
    const { session } = await authentication.session(context);
    await endSession(system, session);
    forgetSession(context, connectionOf(context, { trustProxy }));
    return context.json({ id: session.id });
  });
}

/** JSON and nothing else: a form of another site cannot send it. */
async function bodyOf(context: Context) {
  const isJson = /^application\/json\b/i.test(context.req.header("content-type") ?? "");
  const text = isJson ? await context.req.text() : "";
  const parsed = beginSessionInput.safeParse(text.length > longestBody ? undefined : jsonIn(text));
  if (parsed.success) return parsed.data;
  throw refuse(
    "InputInvalid",
    "body: expected {token, tenantId?} or {code}, as application/json.",
    "Make a token: connectsoft token create <person>; or a link: connectsoft studio",
  );
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
