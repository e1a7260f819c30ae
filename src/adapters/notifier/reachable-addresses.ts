/**
 * Which addresses a message may go to. A name is resolved once and what was checked is what is connected to, so that a
 * name that answers otherwise the second time leads nowhere else.
 */
import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";

export interface Address {
  address: string;
  family: number;
}

/** What a target cannot be sent anything for, in words for the person who set it up. */
export class Unreachable extends Error {}

/** Of this host and of networks that are nobody's on the internet (IANA special-purpose registries). */
const privateRanges = blockList([
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["::1", 128],
  ["fc00::", 7],
]);

/** Never: link-local, where clouds answer with credentials; not one receiver; and ways around an IPv4 range. */
const closedRanges = blockList([
  ["0.0.0.0", 8],
  ["169.254.0.0", 16],
  ["192.0.0.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
  ["::", 128],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["2002::", 16],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
]);

export async function reachableAddresses(host: string, allowPrivate: boolean): Promise<Address[]> {
  const name = host.replace(/^\[(.*)\]$/, "$1");
  const found = await lookup(name, { all: true, verbatim: true });
  const open = found.filter(({ address }) => !holds(closedRanges, address));
  const allowed = allowPrivate ? open : open.filter(({ address }) => !holds(privateRanges, address));
  if (allowed.length > 0) return allowed;
  if (open.length > 0)
    throw new Unreachable(`${name} is an address of this host or of a private network, which is not allowed`);
  throw new Unreachable(`${name} is an address that nothing is ever sent to`);
}

function holds(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

function blockList(ranges: [string, number][]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of ranges)
    list.addSubnet(network, prefix, isIP(network) === 6 ? "ipv6" : "ipv4");
  return list;
}
