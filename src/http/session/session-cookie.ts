/** The cookie that holds a session's secret: for this server's pages alone, and out of reach of their scripts. */
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { Connection } from "../connection.ts";

/** Browsers take `__Host-` only from TLS, for one host and all of its paths. */
const secureName = "__Host-connectsoft-session";
const attributes = { path: "/", httpOnly: true, sameSite: "Strict" } as const;

export function readSession(context: Context, connection: Connection): string | undefined {
  return getCookie(context, nameOf(connection));
}

/** `endsAt`: ISO 8601. */
export function keepSession(
  context: Context,
  connection: Connection,
  { secret, endsAt }: { secret: string; endsAt: string },
): void {
  setCookie(context, nameOf(connection), secret, {
    ...attributes,
    secure: connection.secure,
    expires: new Date(endsAt),
  });
}

export function forgetSession(context: Context, connection: Connection): void {
  deleteCookie(context, nameOf(connection), { ...attributes, secure: connection.secure });
}

/** Cookies are of a host and not of a port: two servers of one machine keep theirs apart by name. */
function nameOf({ secure, host }: Connection): string {
  return secure ? secureName : `connectsoft-session-${/:(\d+)$/.exec(host)?.[1] ?? "80"}`;
}
