/** Sends a browser to the tenant's provider, and begins a session when it comes back. */
import type { Context, Env, Hono } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { z } from "zod";
import { htmlText } from "../../domain/html-text.ts";
import { type Refusal, RefusalError, refuse } from "../../domain/refusal.ts";
import { slug } from "../../domain/scope.ts";
import type { SignIn } from "../../domain/tenant/sign-in.ts";
import { beginSession } from "../../operations/sessions/begin-session.ts";
import type { System } from "../../operations/system.ts";
import { connectionOf } from "../connection.ts";
import { problemOf } from "../problem.ts";
import type { SessionFaceOptions } from "./add-session.ts";
import { keepSession } from "./session-cookie.ts";

const cookie = "connectsoft-sign-in";
const patienceSeconds = 600;
/** The provider's page sends the browser back: a stricter cookie would not come along. */
const attributes = { path: "/sign-in", httpOnly: true, sameSite: "Lax" } as const;

const begunSchema = z.object({
  tenant: slug,
  /** A page of this server, and no other's. */
  back: z.string().regex(/^\/(?![/\\])[^\\\s]*$/),
  checks: z.object({ verifier: z.string(), state: z.string(), nonce: z.string() }),
});

export function addProviderSignIn<E extends Env>(
  app: Hono<E>,
  system: System,
  { authentication, trustProxy, secretOf }: SessionFaceOptions,
): void {
  const place = (context: Context) => {
    const connection = connectionOf(context, { trustProxy });
    const { secure, host } = connection;
    return { connection, redirectUri: `http${secure ? "s" : ""}://${host}/sign-in/callback` };
  };
  const clientOf = (context: Context, tenant: string) => ({
    redirectUri: place(context).redirectUri,
    secret: secretOf(secretName(tenant)),
  });

  app.get("/sign-in/start", (context) =>
    orSay(context, async () => {
      const tenant = context.req.query("tenant") ?? "";
      const back = begunSchema.shape.back.safeParse(context.req.query("return")).data ?? "/";
      const signIn = await signInOf(system, tenant);
      const { url, checks } = await system.identity.begin(signIn, clientOf(context, tenant));
      const { secure } = place(context).connection;
      const value = JSON.stringify({ tenant, back, checks });
      setCookie(context, cookie, value, { ...attributes, secure, maxAge: patienceSeconds });
      return context.redirect(url, 303);
    }),
  );
  app.get("/sign-in/callback", (context) =>
    orSay(context, async () => {
      const { tenant, back, checks } = begunIn(getCookie(context, cookie));
      deleteCookie(context, cookie, attributes);
      const signIn = await signInOf(system, tenant);
      const query = new URL(context.req.url).search;
      const token = await system.identity.finish(signIn, { ...clientOf(context, tenant), query, checks });
      const agent = context.req.header("user-agent") ?? "";
      const begun = await beginSession(system, { token, tenantId: tenant }, agent);
      if ("refusal" in begun) {
        await authentication.record(begun);
        throw new RefusalError(begun.refusal);
      }
      const { secret, session } = begun;
      keepSession(context, place(context).connection, { secret, endsAt: session.endsAt });
      return context.redirect(back, 303);
    }),
  );
}

/** By the tenant's own name, whatever its declaration says: no tenant has another one's secret sent to a provider. */
function secretName(tenant: string): string {
  return `CONNECTSOFT_STUDIO_${tenant.toUpperCase().replaceAll("-", "_")}_SECRET`;
}

async function signInOf({ tenants }: System, tenantId: string): Promise<SignIn> {
  const found = (await tenants.list()).find(({ id }) => id === tenantId)?.signIn;
  if (found !== undefined) return found;
  throw refuse(
    "NotFound",
    "There is no tenant here by that name with a provider to sign in at.",
    "Name another.",
  );
}

function begunIn(value: string | undefined) {
  try {
    return begunSchema.parse(JSON.parse(value ?? ""));
  } catch {
    throw refuse(
      "SessionExpired",
      "This sign-in was not begun in this browser, or it took longer than 10 minutes.",
      "Sign in again.",
    );
  }
}

/** A person looks at it, and not a program. */
async function orSay(context: Context, answer: () => Promise<Response>): Promise<Response> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    const { status } = problemOf(error.refusal);
    return context.html(pageOf(error.refusal), status as 401);
  }
}

function pageOf({ message, next = "" }: Refusal): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Nobody was signed in</title></head>
<body><h1>Nobody was signed in</h1><p>${htmlText(message)}</p><p>${htmlText(next)}</p><p><a href="/sign-in">Sign in</a></p></body>
</html>
`;
}
