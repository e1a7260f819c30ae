/** pnpm-lock.yaml, lockfileVersion 5 to 9. */
import { parse } from "yaml";
import { z } from "zod";
import type { InventoryReader } from "../inventory.ts";
import { type LockedNode, scopedByReach } from "../package-graph.ts";
import { hashesOf } from "./integrity.ts";
import { npmPackage } from "./npm-name.ts";

const versions = z.record(z.string(), z.string()).optional();
/** A version alone in version 5, with what was asked for since version 6. */
const asked = z
  .record(
    z.string(),
    z.union([z.string(), z.looseObject({ version: z.string() }).transform((it) => it.version)]),
  )
  .optional();
const importerSchema = z.looseObject({
  dependencies: asked,
  devDependencies: asked,
  optionalDependencies: asked,
});
const packageSchema = z.looseObject({
  name: z.string().optional(),
  version: z.string().optional(),
  resolution: z.looseObject({ integrity: z.string().optional(), tarball: z.string().optional() }).optional(),
  dependencies: versions,
  optionalDependencies: versions,
});
const lockSchema = importerSchema.extend({
  lockfileVersion: z.union([z.string(), z.number()]),
  importers: z.record(z.string(), importerSchema).optional(),
  packages: z.record(z.string(), packageSchema).optional(),
  snapshots: z.record(z.string(), packageSchema).optional(),
});
type Lock = z.infer<typeof lockSchema>;

export const pnpmLock: InventoryReader = {
  ecosystem: "npm",
  completeness: "resolved",
  reads: (path) => path === "pnpm-lock.yaml",
  read: (file) => {
    const lock = lockSchema.parse(parse(file.text));
    const importers = lock.importers === undefined ? [lock] : Object.values(lock.importers);
    const from = (kind: "dependencies" | "devDependencies" | "optionalDependencies") =>
      importers.flatMap((importer) => keysOf(lock, importer[kind]));
    return scopedByReach(nodesOf(lock), {
      required: from("dependencies"),
      optional: from("optionalDependencies"),
      excluded: from("devDependencies"),
    });
  },
};

function nodesOf(lock: Lock): Map<string, LockedNode> {
  const nodes = new Map<string, LockedNode>();
  for (const [key, snapshot] of Object.entries(lock.snapshots ?? lock.packages ?? {})) {
    const facts = lock.packages?.[withoutPeers(key)] ?? snapshot;
    const { name, version } = nameOf(key, facts);
    const { integrity, tarball } = facts.resolution ?? {};
    nodes.set(key, {
      package: npmPackage(name, version, { hashes: hashesOf(integrity), resolved: tarball }),
      needs: keysOf(lock, snapshot.dependencies),
      mayNeed: keysOf(lock, snapshot.optionalDependencies),
    });
  }
  return nodes;
}

/** `express: 4.1.0(peer@1)` as its key among the packages, in whichever form this version of the lock writes it. */
function keysOf(lock: Lock, wanted: Record<string, string> | undefined): string[] {
  const known = lock.snapshots ?? lock.packages ?? {};
  return Object.entries(wanted ?? {}).flatMap(([name, version]) => {
    const candidates = [`${name}@${version}`, `/${name}@${version}`, `/${name}/${version}`, version];
    return candidates.find((key) => Object.hasOwn(known, key)) ?? [];
  });
}

function withoutPeers(key: string): string {
  const at = key.indexOf("(");
  return at < 0 ? key : key.slice(0, at);
}

function nameOf(key: string, facts: z.infer<typeof packageSchema>): { name: string; version: string } {
  const plain = withoutPeers(key).replace(/^\//, "");
  const at = plain.lastIndexOf("@");
  const split = at > 0 ? at : plain.lastIndexOf("/");
  const version = plain.slice(split + 1).replace(/_.*$/, "");
  return { name: facts.name ?? plain.slice(0, split), version: facts.version ?? version };
}
