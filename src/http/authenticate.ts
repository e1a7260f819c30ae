/** Makes a caller of a request: who the token belongs to, and which roles they hold now. */
import type { Caller, System } from "../operations/system.ts";

const methods: readonly Caller["method"][] = ["cli", "studio", "api"];

/** Undefined where there is no token that is known, or its person left the tenant. */
export async function authenticate(system: System, headers: Headers): Promise<Caller | undefined> {
  const [scheme, token] = (headers.get("authorization") ?? "").split(" ");
  if (scheme?.toLowerCase() !== "bearer" || token === undefined) return undefined;
  const principal = await system.accounts.authenticate(token);
  if (principal === undefined) return undefined;
  const tenant = await system.tenants.get(principal.tenantId);
  const person = tenant.people.find(({ id }) => id === principal.person);
  if (person === undefined) return undefined;
  const client = headers.get("x-connectsoft-client");
  const method = methods.find((one) => one === client) ?? "api";
  return { tenantId: tenant.id, person: person.id, roles: person.roles, method };
}
