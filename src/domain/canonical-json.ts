/** Canonical JSON (RFC 8785) and the digests taken over it: the same value has the same bytes everywhere. */
import { hash } from "node:crypto";
import canonicalize from "canonicalize";

export function canonicalJson(value: unknown): string {
  const ordered = inOrder(value);
  const text = ordered === unusual ? canonicalize(value) : JSON.stringify(ordered);
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

const unusual = Symbol("unusual");
const usualKey = /^[A-Za-z][ -~]*$/;

/**
 * A copy with its keys in order, which JSON.stringify writes as RFC 8785 wants it at half the cost of the
 * library; `unusual` where it would not: JavaScript puts keys that look like indices first, and what JSON has
 * no form for is an error.
 */
function inOrder(value: unknown): unknown {
  switch (typeof value) {
    case "string":
      return value.isWellFormed() ? value : unusual;
    case "number":
      return Number.isFinite(value) ? value : unusual;
    case "boolean":
      return value;
    case "object":
      if (value === null) return null;
      return Array.isArray(value) ? itemsInOrder(value) : membersInOrder(value as Record<string, unknown>);
    default:
      return unusual;
  }
}

function itemsInOrder(items: unknown[]): unknown {
  const ordered = items.map(inOrder);
  return ordered.includes(unusual) ? unusual : ordered;
}

function membersInOrder(given: Record<string, unknown>): unknown {
  if (Object.getPrototypeOf(given) !== Object.prototype) return unusual;
  const ordered: Record<string, unknown> = {};
  for (const key of Object.keys(given).sort()) {
    const member = given[key];
    if (member === undefined) continue;
    const inner = inOrder(member);
    if (inner === unusual || !usualKey.test(key)) return unusual;
    ordered[key] = inner;
  }
  return ordered;
}
