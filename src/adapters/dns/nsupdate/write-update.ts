/** Updates as `nsupdate` reads them. Each holds only where its prerequisites do. */
import { isIPv6 } from "node:net";
import type { DnsName } from "../../../ports/dns.ts";

type Owned = Pick<DnsName, "name" | "owner">;

/** As external-dns does: who made a name stands beside it. */
export const ownerMark = "heritage=connectsoft,owner=";

export function ownerName(name: string): string {
  return `_connectsoft.${name}`;
}

export const updates = {
  /** Where the name is the owner's. */
  change: (name: DnsName) => [isOwned(name), ...clear(name), ...addresses(name)],
  /** Where there is neither the name nor an owner of it. */
  create: (name: DnsName) => [
    `prereq nxdomain ${name.name}.`,
    `prereq nxdomain ${ownerName(name.name)}.`,
    `update add ${ownerName(name.name)}. ${name.ttl} TXT ${ownerText(name)}`,
    ...addresses(name),
  ],
  remove: (name: Owned) => [
    isOwned(name),
    ...clear(name),
    `update delete ${ownerName(name.name)}. TXT ${ownerText(name)}`,
  ],
};

function isOwned(name: Owned): string {
  return `prereq yxrrset ${ownerName(name.name)}. TXT ${ownerText(name)}`;
}

function ownerText({ owner }: Owned): string {
  return `"${ownerMark}${owner}"`;
}

function clear({ name }: Owned): string[] {
  return [`update delete ${name}. A`, `update delete ${name}. AAAA`];
}

function addresses({ name, addresses, ttl }: DnsName): string[] {
  return addresses.map((one) => `update add ${name}. ${ttl} ${isIPv6(one) ? "AAAA" : "A"} ${one}`);
}
