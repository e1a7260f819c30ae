/** packages.lock.json, and obj/project.assets.json, which restoring always leaves behind. */
import { z } from "zod";
import type { InventoryReader } from "../inventory.ts";
import { type LockedNode, type LockedPackage, scopedByReach } from "../package-graph.ts";
import { purlOf } from "../purl.ts";
import { hexOf } from "./integrity.ts";

const needs = z.record(z.string(), z.string()).default({});
const lockSchema = z.looseObject({
  dependencies: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({ type: z.string(), resolved: z.string().optional(), dependencies: needs }),
    ),
  ),
});
const assetsSchema = z.looseObject({
  targets: z.record(
    z.string(),
    z.record(z.string(), z.looseObject({ type: z.string(), dependencies: needs })),
  ),
  libraries: z.record(z.string(), z.looseObject({ sha512: z.string().optional(), type: z.string() })),
  project: z.looseObject({
    frameworks: z.record(
      z.string(),
      z.looseObject({ dependencies: z.record(z.string(), z.unknown()).default({}) }),
    ),
  }),
});

export const nugetLock: InventoryReader = {
  ecosystem: "nuget",
  completeness: "resolved",
  reads: (path) => path === "packages.lock.json",
  read: (file) =>
    Object.values(lockSchema.parse(JSON.parse(file.text)).dependencies).flatMap((framework) => {
      const found = Object.entries(framework).filter(([, entry]) => entry.type !== "Project");
      const nodes = found.map(([name, { resolved = "unknown", dependencies }]) =>
        nodeOf(nugetPackage(name, resolved), dependencies),
      );
      const direct = found.flatMap(([name, { type }]) => (type === "Direct" ? [keyOf(name)] : []));
      return scopedByReach(new Map(nodes), { required: direct, optional: [], excluded: [] });
    }),
};

export const nugetAssets: InventoryReader = {
  ecosystem: "nuget",
  completeness: "installed",
  reads: (path) => /(^|\/)obj\/project\.assets\.json$/.test(path),
  read: (file) => {
    const { libraries, project, targets } = assetsSchema.parse(JSON.parse(file.text));
    const named = Object.values(project.frameworks).flatMap((one) => Object.keys(one.dependencies));
    return Object.values(targets).flatMap((target) => {
      const found = Object.entries(target).filter(([, entry]) => entry.type === "package");
      const nodes = found.map(([id, { dependencies }]) => {
        const [name = "", version = ""] = id.split("/", 2);
        const hash = libraries[id]?.sha512;
        const hashes = hash === undefined ? {} : { "SHA-512": hexOf(hash) };
        return nodeOf(nugetPackage(name, version, hashes), dependencies);
      });
      return scopedByReach(new Map(nodes), { required: named.map(keyOf), optional: [], excluded: [] });
    });
  },
};

/** NuGet does not tell upper from lower case in names. */
function keyOf(name: string): string {
  return name.toLowerCase();
}

function nodeOf(found: LockedPackage, needed: Record<string, string>): [string, LockedNode] {
  return [keyOf(found.name), { package: found, needs: Object.keys(needed).map(keyOf) }];
}

function nugetPackage(name: string, version: string, hashes: LockedPackage["hashes"] = {}): LockedPackage {
  const purl = purlOf({ ecosystem: "nuget", name, version });
  return { purl, ecosystem: "nuget", name, version, hashes, dependsOn: [] };
}
