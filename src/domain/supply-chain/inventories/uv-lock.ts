/** uv.lock: the module itself is one of its packages, and says what it needs for what. */
import { parse } from "smol-toml";
import { z } from "zod";
import type { InventoryReader } from "../inventory.ts";
import { type LockedNode, scopedByReach } from "../package-graph.ts";
import { commonHash, pythonName, pythonPackage } from "./python-name.ts";

const needsSchema = z.array(z.looseObject({ name: z.string() })).default([]);
const groupsSchema = z.record(z.string(), needsSchema).default({});
const archiveSchema = z.looseObject({ url: z.string().optional(), hash: z.string().optional() });
const packageSchema = z.looseObject({
  name: z.string(),
  version: z.string().optional(),
  source: z.record(z.string(), z.unknown()).default({}),
  dependencies: needsSchema,
  "optional-dependencies": groupsSchema,
  "dev-dependencies": groupsSchema,
  sdist: archiveSchema.optional(),
  wheels: z.array(archiveSchema).default([]),
});
type LockedByUv = z.infer<typeof packageSchema>;
const lockSchema = z.looseObject({ package: z.array(packageSchema).default([]) });

export const uvLock: InventoryReader = {
  ecosystem: "pypi",
  completeness: "resolved",
  reads: (path) => path === "uv.lock",
  read: (file) => {
    const locked = lockSchema.parse(parse(file.text)).package;
    const own = locked.filter(isOwn);
    const nodes = new Map(
      locked.filter((one) => !isOwn(one)).map((one) => [pythonName(one.name), nodeOf(one)]),
    );
    return scopedByReach(nodes, {
      required: own.flatMap((one) => namesIn(one.dependencies)),
      optional: own.flatMap((one) => Object.values(one["optional-dependencies"]).flatMap(namesIn)),
      excluded: own.flatMap((one) => Object.values(one["dev-dependencies"]).flatMap(namesIn)),
    });
  },
};

/** The module and its workspace's members. */
function isOwn({ source }: LockedByUv): boolean {
  return ["virtual", "editable"].some((kind) => Object.hasOwn(source, kind));
}

function nodeOf(locked: LockedByUv): LockedNode {
  const { name, version = "0", sdist, wheels } = locked;
  const files = [...wheels, ...(sdist === undefined ? [] : [sdist])];
  const hashes = commonHash(files.map(({ url = "", hash }) => ({ file: url, hash })));
  return {
    package: pythonPackage(pythonName(name), version, { hashes }),
    needs: namesIn(locked.dependencies),
  };
}

function namesIn(needs: { name: string }[]): string[] {
  return needs.map(({ name }) => pythonName(name));
}
