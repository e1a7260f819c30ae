/** Which people of the tenant wrote a change: who pushed it, and whose addresses its commits carry. */
import type { JsonObject } from "../json.ts";
import type { Tenant } from "../tenant/tenant.ts";

/** `merged`: data of PullRequestMerged, undefined where nothing was merged. */
export function authorsOf({ people }: Pick<Tenant, "people">, merged: JsonObject | undefined): string[] {
  const pushedBy = textsOf(merged?.authors);
  const addresses = new Set(textsOf(merged?.commitAddresses).map((one) => one.toLowerCase()));
  return people
    .filter(({ id, emails = [] }) => {
      const own = [...emails, id, `${id}@people.connectsoft.invalid`];
      return pushedBy.includes(id) || own.some((address) => addresses.has(address.toLowerCase()));
    })
    .map(({ id }) => id);
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
