/** Makes a caller of a request: who the token belongs to, and which roles they hold now. */
import type { Caller, System } from "../operations/system.ts";

const methods: readonly Caller["method"][] = ["cli", "studio", "api"];

/** Undefined where there is no token that is known, or its person left the tenant. */
export async function authenticate(system: System, headers: Headers): Promise<Caller | undefined> {
  const [scheme, token] = (headers.get("authorization") ?? "").split(" ");
  if (scheme?.toLowerCase() !== "bearer" || token === undefined) return undefined;
  const client = headers.get("x-connectsoft-client");
  return await callerOf(system, token, methods.find((one) => one === client) ?? "api");
}

/** As programs such as git do it: any user name, and the token as password (RFC 7617). */
export async function authenticateBasic(system: System, headers: Headers): Promise<Caller | undefined> {
  const [scheme, credentials] = (headers.get("authorization") ?? "").split(" ");
  if (scheme?.toLowerCase() !== "basic" || credentials === undefined) return undefined;
  const text = Buffer.from(credentials, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? undefined : await callerOf(system, text.slice(colon + 1), "api");
}

async function callerOf(
  system: System,
  token: string,
  method: Caller["method"],
): Promise<Caller | undefined> {
  const principal = await system.accounts.authenticate(token);
  if (principal === undefined) return undefined;
  const tenant = await system.tenants.get(principal.tenantId);
  const person = tenant.people.find(({ id }) => id === principal.person);
  if (person === undefined) return undefined;
  return { tenantId: tenant.id, person: person.id, roles: person.roles, method };
}
