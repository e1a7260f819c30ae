import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Digest of the router's own code and of Node: a router of another one is replaced, without a number to remember. */
export function routerRevision(): string {
  const hash = createHash("sha256").update(process.version);
  const folder = import.meta.dirname;
  const sources = readdirSync(folder).filter((name) => /\.[jt]s$/.test(name) && !name.endsWith(".test.ts"));
  for (const name of sources.sort()) hash.update(`\0${name}\0`).update(readFileSync(join(folder, name)));
  return hash.digest("hex").slice(0, 16);
}
