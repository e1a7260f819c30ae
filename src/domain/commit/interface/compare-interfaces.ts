/** Reads from the files of two states of a module what changed for those who use it, and for those who run it. */
import { readModuleFile } from "../../module/module-file.ts";
import type { Change } from "../change.ts";
import { compareExports } from "./compare-exports.ts";
import { compareOpenApi } from "./compare-openapi.ts";
import { exportedNames } from "./exported-names.ts";
import type { ModuleFiles } from "./module-files.ts";
import { isApiDocument, readApiDocument } from "./openapi-document.ts";
import { type PackageEntries, packageEntries } from "./package-entries.ts";

/**
 * HTTP operations by OpenAPI 3, exported names and their types, package subpaths, programs, and required settings.
 * What can be read on one side only is compared with nothing: a description that is new is no new interface.
 */
export function compareInterfaces(before: ModuleFiles, after: ModuleFiles): Change[] {
  const parts = [compareApis, comparePackages, compareNeeds];
  return parts.flatMap((compare) => unless(() => compare(before, after)));
}

/** A document that cannot be walked (circles by anchors and the like) says nothing, and stops nothing. */
function unless(compare: () => Change[]): Change[] {
  try {
    return compare();
  } catch {
    return [];
  }
}

function compareApis(before: ModuleFiles, after: ModuleFiles): Change[] {
  const was = [...before.paths].filter(isApiDocument).sort();
  const is = [...after.paths].filter(isApiDocument).sort();
  const gone = was.filter((path) => !after.paths.has(path));
  const fresh = is.filter((path) => !before.paths.has(path));
  const moved: [string, string][] =
    gone.length === 1 && fresh.length === 1 ? [[gone[0] ?? "", fresh[0] ?? ""]] : [];
  const pairs = [
    ...was.filter((path) => after.paths.has(path)).map((path): [string, string] => [path, path]),
    ...moved,
  ];
  return pairs.flatMap(([from, to]) => {
    const old = readApiDocument(before.read(from) ?? "");
    const now = readApiDocument(after.read(to) ?? "");
    return old === undefined || now === undefined ? [] : compareOpenApi(old, now);
  });
}

function comparePackages(before: ModuleFiles, after: ModuleFiles): Change[] {
  const was = packageEntries(before);
  const is = packageEntries(after);
  if (was === undefined || is === undefined) return [];
  return [...comparePrograms(was, is), ...compareSubpaths({ before, after }, was, is)];
}

function comparePrograms(was: PackageEntries, is: PackageEntries): Change[] {
  const gone = was.programs.filter((name) => !is.programs.includes(name));
  const added = is.programs.filter((name) => !was.programs.includes(name));
  return [
    ...gone.map((name): Change => ({ bump: "breaking", text: `the program ${name} was removed` })),
    ...added.map((name): Change => ({ bump: "feature", text: `the program ${name} was added` })),
  ];
}

function compareSubpaths(
  files: { before: ModuleFiles; after: ModuleFiles },
  was: PackageEntries,
  is: PackageEntries,
): Change[] {
  const changes: Change[] = [];
  for (const [subpath, entry] of was.subpaths) {
    const now = is.subpaths.get(subpath);
    if (!is.subpaths.has(subpath)) {
      changes.push({ bump: "breaking", text: `the package's entry ${subpath} was removed` });
      continue;
    }
    const old = entry === undefined ? undefined : exportedNames(files.before, entry);
    const fresh = now === undefined ? undefined : exportedNames(files.after, now);
    const of = subpath === "." ? "" : ` of ${subpath}`;
    if (old !== undefined && fresh !== undefined) changes.push(...compareExports(old, fresh, of));
  }
  for (const subpath of is.subpaths.keys())
    if (!was.subpaths.has(subpath))
      changes.push({ bump: "feature", text: `the package's entry ${subpath} was added` });
  return changes;
}

/** A release waits until what it needs is set, so a new need breaks nobody: it is told as a feature (docs/adr/0009). */
function compareNeeds(before: ModuleFiles, after: ModuleFiles): Change[] {
  const was = needsOf(before);
  return needsOf(after)
    .filter((need) => !was.includes(need))
    .map((need) => ({ bump: "feature", text: `${need} must be set from now on` }));
}

function needsOf(files: ModuleFiles): string[] {
  const { needs } = readModuleFile(files.read("module.yaml") ?? "");
  const { config = [], secrets = [] } = needs ?? {};
  return [...config.map((name) => `configuration ${name}`), ...secrets.map((name) => `secret ${name}`)];
}
