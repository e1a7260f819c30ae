/** What a package offers by its package.json: the subpaths that can be imported, and the programs that it installs. */
import { posix } from "node:path";
import type { ModuleFiles } from "./module-files.ts";
import { isRecord } from "./openapi-document.ts";

export interface PackageEntries {
  /** Subpath (`.`, `./client`) to the file that says what it exports; undefined where none is in the tree. */
  subpaths: Map<string, string | undefined>;
  programs: string[];
}

/** A private package without `exports` or `types` is imported by nobody. Undefined where there is no package. */
export function packageEntries(files: ModuleFiles): PackageEntries | undefined {
  const file = parse(files.read("package.json"));
  if (file === undefined) return undefined;
  const subpaths: PackageEntries["subpaths"] = new Map();
  const add = (subpath: string, target: string | undefined) =>
    subpaths.set(subpath, target === undefined ? undefined : sourceOf(files, target));
  if (file.exports !== undefined && file.exports !== null)
    for (const [subpath, value] of subpathsOf(file.exports)) add(subpath, targetOf(value));
  else {
    const types = [file.types, file.typings].find((one) => typeof one === "string");
    const main = file.private === true ? undefined : file.main;
    const target = types ?? main;
    if (typeof target === "string") add(".", target);
  }
  return { subpaths, programs: programsOf(file) };
}

function subpathsOf(exports: unknown): [string, unknown][] {
  const named = isRecord(exports) && Object.keys(exports).every((key) => key.startsWith("."));
  const all: [string, unknown][] = named ? Object.entries(exports) : [[".", exports]];
  return all.filter(([, value]) => value !== null);
}

const conditions = ["types", "import", "node", "default", "require"];

function targetOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(targetOf).find((target) => target !== undefined);
  if (!isRecord(value)) return undefined;
  return conditions.map((name) => targetOf(value[name])).find((target) => target !== undefined);
}

/** What a build makes is not in the tree; then its source by the usual layout is looked for. */
function sourceOf(files: ModuleFiles, target: string): string | undefined {
  const path = posix.normalize(target);
  if (path.startsWith("..") || path.includes("*")) return undefined;
  const stem = path.replace(/(\.d)?\.[cm]?[jt]sx?$/, "");
  const inSource = stem.replace(/^(dist|lib|build|out)\//, "src/");
  return [path, ...sourceFiles(stem), ...sourceFiles(inSource)].find((one) => files.paths.has(one));
}

/** The files that an import of this name may mean, types before code. */
export function sourceFiles(stem: string): string[] {
  const endings = [".d.ts", ".ts", ".tsx", ".mts", ".cts", ".d.mts", ".js", ".mjs", ".cjs", ".jsx"];
  return [
    ...endings.map((ending) => `${stem}${ending}`),
    ...endings.map((ending) => `${stem}/index${ending}`),
  ];
}

function programsOf({ bin, name }: Record<string, unknown>): string[] {
  if (isRecord(bin)) return Object.keys(bin);
  return typeof bin === "string" && typeof name === "string" ? [name.replace(/^@[^/]*\//, "")] : [];
}

function parse(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const file: unknown = JSON.parse((text ?? "").replace(/^\uFEFF/, ""));
    return isRecord(file) ? file : undefined;
  } catch {
    return undefined;
  }
}
