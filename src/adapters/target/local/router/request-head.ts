/** What is forwarded of an HTTP/1.1 request: everything that is not its connection's, and who asked. */
import type { IncomingMessage } from "node:http";
import type { IncomingRequest } from "./exchange.ts";

interface Seen {
  headers: string[];
  hosts: string[];
  length: string | undefined;
  chunked: boolean;
  named: string[];
  forwardedFor: string | undefined;
  forwarded: Set<string>;
}

/** The request, or what is wrong with it. */
export function readRequest(incoming: IncomingMessage, protocol: "http" | "ws"): IncomingRequest | string {
  const seen = look(incoming.rawHeaders);
  if (seen.hosts.length > 1) return "the request has more than one host";
  const url = incoming.url ?? "/";
  const absolute = url.startsWith("/") || url === "*" ? undefined : splitAbsolute(url);
  if (absolute === undefined && !url.startsWith("/") && url !== "*") return "the request's target is no path";
  const authority = absolute?.authority ?? seen.hosts[0] ?? "";
  addForwarded(seen, incoming, { protocol, authority });
  const hasBody = seen.chunked || (seen.length !== undefined && Number(seen.length) > 0);
  return {
    method: incoming.method ?? "GET",
    target: absolute?.target ?? url,
    authority,
    headers: seen.named.length === 0 ? seen.headers : withoutNamed(seen.headers, seen.named),
    length: seen.length,
    body: hasBody ? incoming : undefined,
    trailers: () => incoming.rawTrailers,
  };
}

function look(raw: readonly string[]): Seen {
  const seen: Seen = {
    headers: [],
    hosts: [],
    length: undefined,
    chunked: false,
    named: [],
    forwardedFor: undefined,
    forwarded: new Set(),
  };
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? "";
    const value = raw[index + 1] ?? "";
    if (!isOurs(seen, name.toLowerCase(), value)) seen.headers.push(name, value);
  }
  return seen;
}

/** What the connection needs is taken out, the rest passes. */
function isOurs(seen: Seen, name: string, value: string): boolean {
  switch (name) {
    case "host":
      seen.hosts.push(value);
      return true;
    case "content-length":
      seen.length = value;
      return true;
    case "transfer-encoding":
      seen.chunked = true;
      return true;
    case "connection":
      for (const token of value.toLowerCase().split(",")) {
        const own = token.trim();
        if (own !== "" && own !== "close" && own !== "keep-alive" && own !== "upgrade") seen.named.push(own);
      }
      return true;
    case "x-forwarded-for":
      seen.forwardedFor = seen.forwardedFor === undefined ? value : `${seen.forwardedFor}, ${value}`;
      return true;
    case "x-forwarded-proto":
    case "x-forwarded-host":
    case "x-forwarded-port":
      seen.forwarded.add(name);
      return false;
    case "keep-alive":
    case "proxy-connection":
    case "proxy-authorization":
    case "te":
    case "upgrade":
    case "expect":
    case "http2-settings":
      return true;
    default:
      return false;
  }
}

function addForwarded(
  { headers, forwardedFor, forwarded }: Seen,
  { socket }: IncomingMessage,
  { protocol, authority }: { protocol: string; authority: string },
): void {
  const client = socket.remoteAddress ?? "";
  headers.push("x-forwarded-for", forwardedFor === undefined ? client : `${forwardedFor}, ${client}`);
  if (!forwarded.has("x-forwarded-proto")) headers.push("x-forwarded-proto", protocol);
  if (!forwarded.has("x-forwarded-host")) headers.push("x-forwarded-host", authority);
  if (!forwarded.has("x-forwarded-port")) headers.push("x-forwarded-port", String(socket.localPort ?? ""));
}

/** RFC 9112 §3.2.2: the host of an absolute target stands over the header's. */
function splitAbsolute(url: string): { authority: string; target: string } | undefined {
  const [, authority, target = ""] = /^http:\/\/([^/?#@]+)([/?][^#]*)?$/i.exec(url) ?? [];
  if (authority === undefined) return undefined;
  return { authority, target: target.startsWith("/") ? target : `/${target}` };
}

function withoutNamed(headers: string[], named: string[]): string[] {
  return headers.filter((_, index) => !named.includes((headers[index - (index % 2)] ?? "").toLowerCase()));
}
