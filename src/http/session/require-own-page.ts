/** Keeps other sites from acting with a person's session: what changes something must come from this server's own pages. */
import { timingSafeEqual } from "node:crypto";
import type { Context } from "hono";
import { csrfTokenOf } from "../../domain/access/session.ts";
import { sha256Hex } from "../../domain/canonical-json.ts";
import { refuse } from "../../domain/refusal.ts";
import type { Connection } from "../connection.ts";

const safeMethods = ["GET", "HEAD", "OPTIONS"];

/** Refuses with CsrfRefused what a browser says another site sent. Older browsers say it by Origin alone. */
export function requireOwnSite(context: Context, { host }: Connection): void {
  const site = context.req.header("sec-fetch-site");
  if (site !== undefined && site !== "same-origin") throw foreign(`sec-fetch-site is ${site}`);
  const origin = context.req.header("origin");
  if (origin !== undefined && hostOf(origin) !== host) throw foreign(`origin is ${origin}`);
}

/** The same, and the session's own CSRF token with it. */
export function requireOwnPage(context: Context, connection: Connection, secret: string): void {
  if (safeMethods.includes(context.req.method)) return;
  requireOwnSite(context, connection);
  const given = context.req.header("x-csrf-token") ?? "";
  const digest = (text: string) => Buffer.from(sha256Hex(text), "hex");
  if (timingSafeEqual(digest(given), digest(csrfTokenOf(secret)))) return;
  throw refuse(
    "CsrfRefused",
    "x-csrf-token: expected the token of this session.",
    "Send what GET /session says as csrfToken.",
  );
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function foreign(what: string) {
  return refuse(
    "CsrfRefused",
    `This was not sent by a page of this server: ${what.slice(0, 200)}.`,
    "Open Studio here, and do it there.",
  );
}
