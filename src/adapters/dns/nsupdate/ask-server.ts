/** What a server itself answers for a name, past every cache. */
import { lookup, NODATA, NOTFOUND, Resolver } from "node:dns/promises";
import { isIP, isIPv6 } from "node:net";
import { refuse } from "../../../domain/refusal.ts";
import type { DnsServer, FoundName } from "../../../ports/dns.ts";
import { ownerMark, ownerName } from "./write-update.ts";

const timeoutMs = 2_000;
const tries = 2;

export async function askServer(server: DnsServer, name: string): Promise<FoundName | undefined> {
  const resolver = new Resolver({ timeout: timeoutMs, tries });
  resolver.setServers([await addressOf(server)]);
  const ask = <Answer>(question: Promise<Answer[]>) => answersOf(server, question);
  const [v4, v6, texts] = await Promise.all([
    ask(resolver.resolve4(name, { ttl: true })),
    ask(resolver.resolve6(name, { ttl: true })),
    ask(resolver.resolveTxt(ownerName(name))),
  ]);
  const found = [...v4, ...v6];
  const owners = texts
    .map((parts) => parts.join(""))
    .filter((text) => text.startsWith(ownerMark))
    .map((text) => text.slice(ownerMark.length));
  const [ttl] = found.map((one) => one.ttl);
  const [owner] = owners;
  if (found.length === 0 && owner === undefined) return undefined;
  return {
    addresses: found.map(({ address }) => address).sort(),
    ...(ttl !== undefined && { ttl }),
    ...(owner !== undefined && { owner }),
  };
}

async function addressOf({ server, port }: DnsServer): Promise<string> {
  const address = isIP(server) ? server : await lookup(server).then(({ address }) => address, away(server));
  return isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
}

function away(server: string): (error: Error) => never {
  return (error) => {
    throw refuse(
      "Unavailable",
      `The DNS server ${server} is not found: ${error.message}`,
      "Correct `server` in `environments[].dns`.",
    );
  };
}

async function answersOf<Answer>(
  { server, port, zone }: DnsServer,
  question: Promise<Answer[]>,
): Promise<Answer[]> {
  return await question.catch((error: NodeJS.ErrnoException) => {
    if (error.code === NODATA || error.code === NOTFOUND) return [];
    throw refuse(
      "Unavailable",
      `The DNS server ${server}:${port} gives no answer about the zone ${zone}: ${error.code}`,
      "Start it, or correct `server`, `port` and `zone` in `environments[].dns`; it must answer us.",
    );
  });
}
