/** Subresource integrity (`sha512-<base64>`), as npm's lock files write it, in CycloneDX's names and hex. */
import type { ResolvedPackage } from "../inventory.ts";

const algorithms = { sha1: "SHA-1", sha256: "SHA-256", sha384: "SHA-384", sha512: "SHA-512" } as const;

export function hashesOf(integrity: string | undefined): ResolvedPackage["hashes"] {
  const hashes: ResolvedPackage["hashes"] = {};
  for (const part of integrity?.split(/\s+/) ?? []) {
    const [, name = "", base64 = ""] = /^(sha\d+)-([A-Za-z0-9+/=]+)/.exec(part) ?? [];
    const algorithm = algorithms[name as keyof typeof algorithms];
    if (algorithm !== undefined) hashes[algorithm] = hexOf(base64);
  }
  return hashes;
}

export function hexOf(base64: string): string {
  return Buffer.from(base64, "base64").toString("hex");
}
