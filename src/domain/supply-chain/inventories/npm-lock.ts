/** package-lock.json (lockfileVersion 2 and 3), and the hidden one that says what lies in node_modules. */
import { z } from "zod";
import type { InventoryFile, InventoryReader, PackageScope, ResolvedPackage } from "../inventory.ts";
import { hashesOf } from "./integrity.ts";
import { npmPackage } from "./npm-name.ts";

const names = z.record(z.string(), z.string()).optional();
const entrySchema = z.looseObject({
  name: z.string().optional(),
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  license: z.unknown().optional(),
  link: z.boolean().optional(),
  dev: z.boolean().optional(),
  optional: z.boolean().optional(),
  devOptional: z.boolean().optional(),
  inBundle: z.boolean().optional(),
  dependencies: names,
  optionalDependencies: names,
  peerDependencies: names,
  devDependencies: names,
});
type Entry = z.infer<typeof entrySchema>;
const lockSchema = z.looseObject({ packages: z.record(z.string(), entrySchema) });

export const npmLock: InventoryReader = {
  ecosystem: "npm",
  completeness: "resolved",
  reads: (path) => path === "package-lock.json" || path === "npm-shrinkwrap.json",
  read: (file) => packagesOf(entriesOf(file)),
};

export const installedByNpm: InventoryReader = {
  ecosystem: "npm",
  completeness: "installed",
  reads: (path) => path === "node_modules/.package-lock.json",
  read: (file, others) => {
    const root = others.find(({ path }) => npmLock.reads(path) || path === "package.json");
    const own = root === undefined ? undefined : rootOf(root);
    return packagesOf({ ...entriesOf(file), ...(own === undefined ? {} : { "": own }) });
  },
};

function entriesOf(file: InventoryFile): Record<string, Entry> {
  return lockSchema.parse(JSON.parse(file.text)).packages;
}

function rootOf(file: InventoryFile): Entry | undefined {
  if (file.path === "package.json") return entrySchema.parse(JSON.parse(file.text));
  return entriesOf(file)[""];
}

function packagesOf(entries: Record<string, Entry>): ResolvedPackage[] {
  const direct = new Set(needsOf(entries, ""));
  return Object.entries(entries).flatMap(([path, entry]) => {
    const found = packageAt(path, entry);
    if (found === undefined) return [];
    const needs = needsOf(entries, path).flatMap((need) => purlAt(entries, need));
    return [{ ...found, scope: scopeOf(entry), direct: direct.has(path), dependsOn: needs }];
  });
}

/** Undefined for the module itself, its workspaces and links to them: they are its own code. */
function packageAt(path: string, entry: Entry) {
  const at = path.lastIndexOf("node_modules/");
  if (at < 0 || entry.link === true || entry.version === undefined) return undefined;
  const { integrity, license, resolved, version } = entry;
  const licence = typeof license === "string" ? license : undefined;
  const name = entry.name ?? path.slice(at + "node_modules/".length);
  return npmPackage(name, version, { hashes: hashesOf(integrity), licence, resolved });
}

function purlAt(entries: Record<string, Entry>, path: string): string[] {
  const entry = entries[path];
  const found = entry === undefined ? undefined : packageAt(path, entry);
  return found === undefined ? [] : [found.purl];
}

/** Where node finds what the package at `path` asks for: beside it, or in the nearest folder above. */
function needsOf(entries: Record<string, Entry>, path: string): string[] {
  const { dependencies, optionalDependencies, peerDependencies, devDependencies } = entries[path] ?? {};
  const asked = { ...peerDependencies, ...dependencies, ...optionalDependencies };
  const wanted = path === "" ? { ...asked, ...devDependencies } : asked;
  return Object.keys(wanted).flatMap((name) => nearest(entries, path, name) ?? []);
}

function nearest(entries: Record<string, Entry>, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = parent(folder)) {
    const candidate = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
    if (Object.hasOwn(entries, candidate)) return candidate;
    if (folder === "") return undefined;
  }
}

/** The package in whose node_modules a package lies; the root for everything else. */
function parent(path: string): string {
  const at = path.lastIndexOf("/node_modules/");
  return at < 0 ? "" : path.slice(0, at);
}

function scopeOf({ dev, optional, devOptional }: Entry): PackageScope {
  if (dev === true) return "excluded";
  return optional === true || devOptional === true ? "optional" : "required";
}
