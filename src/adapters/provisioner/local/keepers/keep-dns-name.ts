/** Names on a DNS server that takes updates. A record's spec says all that it takes to find and remove it again. */
import type { Resource } from "../../../../domain/environment/resource.ts";
import type { Dns, DnsServer } from "../../../../ports/dns.ts";
import type { EnvironmentPlace } from "../../../../ports/provisioner.ts";
import type { Keeper, Site } from "./keeper.ts";

/** Of a key, by the name of its secret. Refuses with SecretsMissing. */
export type RevealKey = (place: EnvironmentPlace, secret: string) => Promise<string>;

export function createDnsKeeper(dns: Dns, revealKey: RevealKey): Keeper {
  return {
    async look({ spec }, site) {
      const found = await dns.look(await serverOf(spec, site, revealKey), String(spec.name));
      if (found === undefined) return undefined;
      return { ...spec, addresses: found.addresses, ttl: found.ttl ?? null, owner: found.owner ?? null };
    },
    async make({ spec }, site) {
      await dns.put(await serverOf(spec, site, revealKey), {
        name: String(spec.name),
        addresses: spec.addresses as string[],
        ttl: Number(spec.ttl),
        owner: String(spec.owner),
      });
      return spec;
    },
    async remove({ spec }, site) {
      const name = { name: String(spec.name), owner: String(spec.owner) };
      await dns.remove(await serverOf(spec, site, revealKey), name);
    },
  };
}

async function serverOf(spec: Resource["spec"], site: Site, revealKey: RevealKey): Promise<DnsServer> {
  return {
    server: String(spec.server),
    port: Number(spec.port),
    zone: String(spec.zone),
    keyName: String(spec.keyName),
    algorithm: String(spec.algorithm),
    key: await revealKey(site.place, String(spec.keySecret)),
  };
}
