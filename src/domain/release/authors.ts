/** Whose change it is: who answers or answered for it, who pushed it, and whose addresses its commits carry. */
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

/** Whoever the delivery ran or runs on the authority of; the present one first. */
export function sponsorsOf(handOver: Sponsored | null | undefined): string[] {
  if (handOver === undefined || handOver === null) return [];
  return [handOver.sponsor, ...(handOver.formerSponsors ?? [])];
}

interface Sponsored {
  sponsor: string;
  formerSponsors?: readonly string[] | undefined;
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
