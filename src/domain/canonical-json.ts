/** Canonical JSON (RFC 8785) and the digests taken over it: the same value has the same bytes everywhere. */
import { hash } from "node:crypto";
import canonicalize from "canonicalize";

export function canonicalJson(value: unknown): string {
  const text = isPlain(value) ? JSON.stringify(inOrder(value)) : canonicalize(value);
  if (text === undefined) throw new TypeError("a value with no JSON form cannot be digested");
  return text;
}

/** Hex SHA-256. */
export function sha256Hex(content: string | Uint8Array): string {
  return hash("sha256", content, "hex");
}

/** `sha256:<64 hex>` over text or bytes. */
export function sha256(content: string | Uint8Array): string {
  return `sha256:${sha256Hex(content)}`;
}

/** `sha256:<64 hex>` over the canonical JSON of a value. */
export function digestOf(value: unknown): string {
  return sha256(canonicalJson(value));
}

/**
 * Whether RFC 8785 is just JSON.stringify with ordered keys, at half the cost of the library, which takes
 * everything else: JavaScript puts keys that look like indices first, and what JSON has no form for is an error.
 */
function isPlain(value: unknown): boolean {
  if (value === null || typeof value === "boolean") return true;
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object") return false;
  if (Array.isArray(value)) return value.every(isPlain);
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.entries(value).every(
    ([key, inner]) => plainKey.test(key) && (inner === undefined || isPlain(inner)),
  );
}

const plainKey = /^[A-Za-z][ -~]*$/;

function inOrder(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(inOrder);
  const ordered: Record<string, unknown> = {};
  const given = value as Record<string, unknown>;
  for (const key of Object.keys(given).sort()) ordered[key] = inOrder(given[key]);
  return ordered;
}
