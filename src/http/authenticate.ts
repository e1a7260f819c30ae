/** Makes a caller of a request: who the token belongs to, and which roles they hold now. */
import { type Refusal, RefusalError, refuse } from "../domain/refusal.ts";
import { identifyCaller } from "../operations/accounts/identify-caller.ts";
import { createRefusedCallers } from "../operations/accounts/record-refused-callers.ts";
import type { Caller, System } from "../operations/system.ts";

/** Refuses with Unauthenticated or a code that says what is wrong with the token; what was refused is on record. */
export type Authenticate = (headers: Headers) => Promise<Caller>;

export interface Authentication {
  bearer: Authenticate;
  /** As programs such as git do it: any user name, and the token as password (RFC 7617). */
  basic: Authenticate;
}

const methods: readonly Caller["method"][] = ["cli", "studio", "api"];
/** `b64token` of RFC 6750: one word, and nothing before or behind it. */
const bearerForm = /^bearer +([A-Za-z0-9._~+/-]+=*) *$/i;
const longestToken = 16_384;

export function createAuthentication(system: System): Authentication {
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

  return {
    async bearer(headers) {
      const given = headers.get("authorization");
      if (given === null || given.trim() === "" || /^bearer *$/i.test(given)) throw unauthenticated();
      const [, token] = bearerForm.exec(given) ?? [];
      if (token === undefined || given.length > longestToken) return malformed();
      const client = headers.get("x-connectsoft-client");
      return callerOf(token, headers, methods.find((one) => one === client) ?? "api");
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
