/** A UUID made from content (RFC 9562, version 5): the same content has the same one. */
import { createHash } from "node:crypto";

/** The namespace of this program's documents, itself made from `connectsoft-delivery` in the DNS namespace. */
const namespace = named("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "connectsoft-delivery");

export function uuidOf(content: string): string {
  return named(namespace, content);
}

function named(space: string, name: string): string {
  const hash = createHash("sha1")
    .update(Buffer.from(space.replaceAll("-", ""), "hex"))
    .update(name)
    .digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    "-",
  );
}
