/** yarn.lock, of Yarn 1 (a form of its own) and of Yarn 2 and newer (YAML). */
import { parse } from "yaml";
import { z } from "zod";
import type { InventoryFile, InventoryReader } from "../inventory.ts";
import { type LockedNode, neededByNobody, type Roots, scopedByReach } from "../package-graph.ts";
import { hashesOf } from "./integrity.ts";
import { npmPackage } from "./npm-name.ts";
import { parseYarnClassic } from "./yarn-classic.ts";

const ranges = z.record(z.string(), z.coerce.string()).optional();
const entrySchema = z.looseObject({
  version: z.coerce.string(),
  resolved: z.string().optional(),
  resolution: z.string().optional(),
  integrity: z.string().optional(),
  linkType: z.string().optional(),
  dependencies: ranges,
  optionalDependencies: ranges,
});
type Entry = z.infer<typeof entrySchema>;
const manifestSchema = z.looseObject({
  dependencies: ranges,
  devDependencies: ranges,
  optionalDependencies: ranges,
});

export const yarnLock: InventoryReader = {
  ecosystem: "npm",
  completeness: "resolved",
  reads: (path) => path === "yarn.lock",
  read: (file, others) => {
    const isClassic = !file.text.includes("__metadata:");
    const { __metadata, ...parsed } = (isClassic ? parseYarnClassic(file.text) : parse(file.text)) ?? {};
    const entries = Object.entries(z.record(z.string(), entrySchema).parse(parsed));
    /** From each range that was asked for to the entry that answers it. */
    const answers = new Map(
      entries.flatMap(([key]) => key.split(/,\s*/).map((range): [string, string] => [range, key])),
    );
    const nodes = nodesOf(entries, answers);
    return scopedByReach(nodes, rootsOf(others, answers) ?? unknownRoots(nodes));
  },
};

function nodesOf(entries: [string, Entry][], answers: Map<string, string>): Map<string, LockedNode> {
  const nodes = new Map<string, LockedNode>();
  for (const [key, entry] of entries) {
    if (entry.linkType === "soft") continue;
    const { integrity, resolved, version } = entry;
    nodes.set(key, {
      package: npmPackage(nameOf(key, entry), version, { hashes: hashesOf(integrity), resolved }),
      needs: keysOf(answers, entry.dependencies),
      mayNeed: keysOf(answers, entry.optionalDependencies),
    });
  }
  return nodes;
}

/** By the module's own package.json; undefined where it is not at hand. */
function rootsOf(others: readonly InventoryFile[], answers: Map<string, string>): Roots | undefined {
  const file = others.find(({ path }) => path === "package.json");
  if (file === undefined) return undefined;
  const manifest = manifestSchema.parse(JSON.parse(file.text));
  return {
    required: keysOf(answers, manifest.dependencies),
    optional: keysOf(answers, manifest.optionalDependencies),
    excluded: keysOf(answers, manifest.devDependencies),
  };
}

function unknownRoots(nodes: Map<string, LockedNode>): Roots {
  return { required: neededByNobody(nodes), optional: [], excluded: [] };
}

function keysOf(answers: Map<string, string>, wanted: Record<string, string> | undefined): string[] {
  return Object.entries(wanted ?? {}).flatMap(
    ([name, range]) => answers.get(`${name}@${range}`) ?? answers.get(`${name}@npm:${range}`) ?? [],
  );
}

/** `resolution` names the package itself where the range is an alias. */
function nameOf(key: string, { resolution, resolved }: Entry): string {
  const [first = ""] = key.split(/,\s*/);
  const named = resolution ?? first.replace(/^.+@npm:(?=@?[a-z].*@)/i, "");
  const at = named.indexOf("@", 1);
  const archive = resolved === undefined ? undefined : /\/((?:@[^/]+\/)?[^/]+)\/-\//.exec(resolved)?.[1];
  return archive === undefined ? named.slice(0, at) : decodeURIComponent(archive);
}
