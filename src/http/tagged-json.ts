/** An answer that a caller who has it already need not get again. */
import { hash } from "node:crypto";
import type { Context } from "hono";

/** Of a GET; others are answered as they are. */
export function taggedJson(context: Context, output: unknown): Response {
  const text = JSON.stringify(output ?? null);
  const type = { "content-type": "application/json" };
  if (context.req.method !== "GET") return context.body(text, 200, { ...type, "cache-control": "no-store" });
  const tag = `"${hash("sha256", text, "base64url").slice(0, 27)}"`;
  const headers = { etag: tag, "cache-control": "private, no-cache" };
  if (holds(context.req.header("if-none-match"), tag)) return context.body(null, 304, headers);
  return context.body(text, 200, { ...headers, ...type });
}

/** By weak comparison, as RFC 9110 §13.1.2 has it: a proxy that compresses weakens tags. */
function holds(given: string | undefined, tag: string): boolean {
  if (given === undefined) return false;
  return given.trim() === "*" || given.split(",").some((one) => one.trim().replace(/^W\//, "") === tag);
}
