/** All packages of a module, once each, from every inventory that its built tree has. */
import { z } from "zod";
import { refuse } from "../refusal.ts";
import { inventoryReaders } from "./inventories/index.ts";
import type {
  Completeness,
  Ecosystem,
  InventoryFile,
  InventoryReader,
  PackageScope,
  ResolvedPackage,
} from "./inventory.ts";

export interface Inventory {
  packages: ResolvedPackage[];
  /** The files that were read, and how much each kind says. */
  sources: { path: string; completeness: Completeness }[];
}

/**
 * What lies in the tree decides where that can be seen: a lock then adds hashes, edges and what was there for
 * building only. Refuses with SbomMissing an inventory that cannot be read.
 */
export function resolvedPackages(files: readonly InventoryFile[]): Inventory {
  const inventories = files.toSorted(byPath);
  const read = inventories.flatMap((file) =>
    inventoryReaders
      .filter((reader) => reader.reads(file.path))
      .map((reader) => ({ file, reader, packages: readBy(reader, file, inventories) })),
  );
  const has = (ecosystem: Ecosystem, completeness: Completeness) =>
    read.some(({ reader }) => reader.ecosystem === ecosystem && reader.completeness === completeness);
  const useful = read.filter(
    ({ reader: { completeness, ecosystem } }) =>
      completeness !== "declared" || !(has(ecosystem, "resolved") || has(ecosystem, "installed")),
  );
  const from = (completeness: Completeness) =>
    useful.filter(({ reader }) => reader.completeness === completeness).flatMap(({ packages }) => packages);
  const installed = merged(from("installed"));
  const others = merged([...from("resolved"), ...from("declared")]);
  const isSeen = (ecosystem: Ecosystem) => has(ecosystem, "installed");
  const built = [...others.values()].flatMap((one) => notInstalled(one, isSeen(one.ecosystem), installed));
  const completed = [...installed.values()].map((one) => completedBy(one, others.get(one.purl)));
  return {
    packages: [...completed, ...built].toSorted((one, other) => compare(one.purl, other.purl)),
    sources: useful.map(({ file, reader }) => ({ path: file.path, completeness: reader.completeness })),
  };
}

/** Where it is seen what is installed, a locked package that is not: a tool of the build, or for other platforms. */
function notInstalled(
  locked: ResolvedPackage,
  isSeen: boolean,
  installed: Map<string, ResolvedPackage>,
): ResolvedPackage[] {
  if (!isSeen) return [locked];
  return locked.scope === "excluded" && !installed.has(locked.purl) ? [locked] : [];
}

function completedBy(installed: ResolvedPackage, locked: ResolvedPackage | undefined): ResolvedPackage {
  if (locked === undefined) return installed;
  const licence = installed.licence ?? locked.licence;
  return {
    ...installed,
    ...(licence === undefined ? {} : { licence }),
    hashes: { ...locked.hashes, ...installed.hashes },
    direct: locked.direct,
    scope: installed.scope === "excluded" ? "excluded" : narrower(installed.scope, locked.scope),
    dependsOn: [...new Set([...installed.dependsOn, ...locked.dependsOn])].toSorted(),
  };
}

/** What really lies there is not left out of what runs by the word of a lock. */
function narrower(installed: PackageScope, locked: PackageScope): PackageScope {
  return locked === "excluded" ? installed : locked;
}

const strength: Record<PackageScope, number> = { excluded: 0, optional: 1, required: 2 };

function merged(packages: readonly ResolvedPackage[]): Map<string, ResolvedPackage> {
  const found = new Map<string, ResolvedPackage>();
  for (const one of packages) {
    const before = found.get(one.purl);
    found.set(one.purl, before === undefined ? one : both(before, one));
  }
  return found;
}

function both(one: ResolvedPackage, other: ResolvedPackage): ResolvedPackage {
  return {
    ...other,
    ...one,
    hashes: { ...other.hashes, ...one.hashes },
    scope: strength[one.scope] >= strength[other.scope] ? one.scope : other.scope,
    direct: one.direct || other.direct,
    dependsOn: [...new Set([...one.dependsOn, ...other.dependsOn])].toSorted(),
  };
}

function readBy(
  reader: InventoryReader,
  file: InventoryFile,
  files: readonly InventoryFile[],
): ResolvedPackage[] {
  try {
    return reader.read(file, files);
  } catch (error) {
    throw refuse(
      "SbomMissing",
      `${file.path} cannot be read, so that it is not known what the module consists of: ${reasonOf(error)}.`,
      "Write it anew with the package manager it belongs to, and hand the module over again.",
    );
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) {
    const [issue] = error.issues;
    return `${issue?.path.map(String).join(".")}: ${issue?.message}`;
  }
  return error instanceof Error ? (error.message.split("\n", 1)[0] ?? "") : String(error);
}

function byPath(one: InventoryFile, other: InventoryFile): number {
  return compare(one.path, other.path);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
