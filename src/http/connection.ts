/** How a request came: under which name, over TLS or not, and from whom. A proxy is believed where the operator says so. */
import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context } from "hono";

export interface Connection {
  /** The browser's side of it is TLS. */
  secure: boolean;
  /** With the port, as the browser wrote it. */
  host: string;
  /** Of who called, as far as it is known. */
  address: string;
}

/** `trustProxy`: what stands before the server sets X-Forwarded-Proto, -Host and -For itself, over whatever it was sent. */
export function connectionOf(context: Context, { trustProxy }: { trustProxy: boolean }): Connection {
  const forwarded = (name: string) =>
    trustProxy ? context.req.header(`x-forwarded-${name}`)?.split(",").at(-1)?.trim() : undefined;
  return {
    secure: forwarded("proto") === "https",
    host: forwarded("host") ?? context.req.header("host") ?? "",
    address: forwarded("for") ?? peerOf(context),
  };
}

/** Undefined in tests without a socket. */
function peerOf(context: Context): string {
  return context.env?.incoming === undefined ? "" : (getConnInfo(context).remote.address ?? "");
}
