/**
 * A DNS server that takes updates (RFC 2136). Every name that is put carries its owner in a TXT record beside it,
 * `_connectsoft.<name>`, and no call changes a name whose owner is another, or that has none.
 */
export interface DnsServer {
  /** Address or host name. */
  server: string;
  port: number;
  zone: string;
  keyName: string;
  algorithm: string;
  /** The key in base64. */
  key: string;
}

export interface DnsName {
  name: string;
  /** IPv4 addresses become A records, IPv6 ones AAAA records; sorted. */
  addresses: string[];
  /** In seconds. */
  ttl: number;
  /** Without quotes and backslashes, at most 200 characters. */
  owner: string;
}

/** What a server answers for a name. */
export interface FoundName {
  addresses: string[];
  ttl?: number;
  owner?: string;
}

/** Every call refuses with Unavailable where the server is away, knows no such zone, or does not take the key. */
export interface Dns {
  /** Undefined where the name has neither address nor owner. */
  look(server: DnsServer, name: string): Promise<FoundName | undefined>;
  /**
   * The name leads to exactly these addresses afterwards; repeating it changes nothing. Refuses with Conflict, having
   * changed nothing, where the name is another's.
   */
  put(server: DnsServer, name: DnsName): Promise<void>;
  /** Takes the name away with its owner record; where it is not there, or another's, nothing is done. */
  remove(server: DnsServer, name: Pick<DnsName, "name" | "owner">): Promise<void>;
}
