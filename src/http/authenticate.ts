/** Makes a caller of a request: who the token or the session belongs to, and which roles they hold now. */
import type { Context } from "hono";
import { type Refusal, RefusalError, refuse } from "../domain/refusal.ts";
import { identifyCaller } from "../operations/accounts/identify-caller.ts";
import { createRefusedCallers, type RecordRefused } from "../operations/accounts/record-refused-callers.ts";
import type { BegunSession } from "../operations/sessions/begin-session.ts";
import { identifySession } from "../operations/sessions/identify-session.ts";
import type { Caller, System } from "../operations/system.ts";
import { connectionOf } from "./connection.ts";
import type { RateLimits } from "./rate-limit.ts";
import { requireOwnPage } from "./session/require-own-page.ts";
import { readSession } from "./session/session-cookie.ts";

/** Refuses with Unauthenticated or a code that says what is wrong with the token; what was refused is on record. */
export type Authenticate = (headers: Headers) => Promise<Caller>;

export interface Authentication {
  bearer: Authenticate;
  /** As programs such as git do it: any user name, and the token as password (RFC 7617). */
  basic: Authenticate;
  /** By the browser's cookie. What changes something must come from this server's own pages. */
  session(context: Context): Promise<BegunSession>;
  /** By a token where there is one, else by the cookie. */
  caller(context: Context): Promise<Caller>;
  record: RecordRefused;
}

const methods: readonly Caller["method"][] = ["cli", "studio", "api"];
/** `b64token` of RFC 6750: one word, and nothing before or behind it. */
const bearerForm = /^bearer +([A-Za-z0-9._~+/-]+=*) *$/i;
const longestToken = 16_384;

export function createAuthentication(
  system: System,
  { trustProxy, limits }: { trustProxy: boolean; limits: RateLimits },
): Authentication {
  const record = createRefusedCallers(system);

  async function callerOf(token: string, headers: Headers, method: Caller["method"]): Promise<Caller> {
    const tenantId = headers.get("x-connectsoft-tenant") ?? undefined;
    const identified = await identifyCaller(system, { token, method, tenantId });
    if ("caller" in identified) return identified.caller;
    await record(identified);
    throw new RefusalError(identified.refusal);
  }

  async function malformed(): Promise<never> {
    const refusal = malformedToken();
    await record({ refusal });
    throw new RefusalError(refusal);
  }

  async function bearer(headers: Headers): Promise<Caller> {
    const given = headers.get("authorization");
    if (given === null || given.trim() === "" || /^bearer *$/i.test(given)) throw unauthenticated();
    const [, token] = bearerForm.exec(given) ?? [];
    if (token === undefined || given.length > longestToken) return malformed();
    const client = headers.get("x-connectsoft-client");
    return callerOf(token, headers, methods.find((one) => one === client) ?? "api");
  }

  async function bySecret(context: Context, secret: string): Promise<BegunSession> {
    const tenantId = context.req.header("x-connectsoft-tenant");
    const identified = await identifySession(system, { secret, tenantId });
    if ("refusal" in identified) {
      // A session that ended by itself is no attempt on anything.
      if (identified.at !== undefined) await record(identified);
      throw new RefusalError(identified.refusal);
    }
    requireOwnPage(context, connectionOf(context, { trustProxy }), secret);
    return { ...identified, secret };
  }

  const secretIn = (context: Context) => readSession(context, connectionOf(context, { trustProxy }));

  return {
    bearer,
    record,
    session(context) {
      const secret = secretIn(context);
      if (secret === undefined) throw unauthenticated();
      return bySecret(context, secret);
    },
    caller(context) {
      const { headers } = context.req.raw;
      const { address } = connectionOf(context, { trustProxy });
      const secret = headers.has("authorization") ? undefined : secretIn(context);
      return limits.signIn(context, address, async () =>
        secret === undefined ? bearer(headers) : (await bySecret(context, secret)).caller,
      );
    },
    async basic(headers) {
      const [, credentials] = /^basic +([A-Za-z0-9+/]+=*) *$/i.exec(headers.get("authorization") ?? "") ?? [];
      if (credentials === undefined || credentials.length > longestToken) throw unauthenticated();
      const text = Buffer.from(credentials, "base64").toString("utf8");
      const colon = text.indexOf(":");
      return colon < 0 ? malformed() : callerOf(text.slice(colon + 1), headers, "api");
    },
  };
}

function malformedToken(): Refusal {
  return refuse(
    "TokenInvalid",
    "authorization: expected Bearer and one token.",
    "Send authorization: Bearer <token>.",
  ).refusal;
}

function unauthenticated() {
  return refuse(
    "Unauthenticated",
    "This needs an access token that is known here.",
    "Send authorization: Bearer <token>; make one with connectsoft token create <person>, or sign in: connectsoft login",
  );
}
