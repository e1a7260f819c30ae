/** poetry.lock, of Poetry 1 (a category a package) and 2 (its groups). */
import { parse } from "smol-toml";
import { z } from "zod";
import type { InventoryFile, InventoryReader, PackageScope, ResolvedPackage } from "../inventory.ts";
import { commonHash, pythonName, pythonPackage } from "./python-name.ts";

const packageSchema = z.looseObject({
  name: z.string(),
  version: z.string(),
  optional: z.boolean().default(false),
  category: z.string().optional(),
  groups: z.array(z.string()).optional(),
  files: z.array(z.looseObject({ file: z.string(), hash: z.string() })).default([]),
  dependencies: z.record(z.string(), z.unknown()).default({}),
});
type LockedByPoetry = z.infer<typeof packageSchema>;
const lockSchema = z.looseObject({ package: z.array(packageSchema).default([]) });

export const poetryLock: InventoryReader = {
  ecosystem: "pypi",
  completeness: "resolved",
  reads: (path) => path === "poetry.lock",
  read: (file, others) => {
    const locked = lockSchema.parse(parse(file.text)).package;
    const purls = new Map(locked.map(({ name, version }) => [pythonName(name), purlOf(name, version)]));
    const named = namedByModule(others) ?? neededByNone(locked);
    return locked.map(
      (one): ResolvedPackage => ({
        ...pythonPackage(pythonName(one.name), one.version, { hashes: commonHash(one.files) }),
        scope: scopeOf(one),
        direct: named.has(pythonName(one.name)),
        dependsOn: Object.keys(one.dependencies).flatMap((name) => purls.get(pythonName(name)) ?? []),
      }),
    );
  },
};

function purlOf(name: string, version: string): string {
  return pythonPackage(pythonName(name), version).purl;
}

function scopeOf({ category, groups, optional }: LockedByPoetry): PackageScope {
  const isMain = groups === undefined ? (category ?? "main") === "main" : groups.includes("main");
  if (!isMain) return "excluded";
  return optional ? "optional" : "required";
}

const projectSchema = z.looseObject({
  project: z.looseObject({ dependencies: z.array(z.string()).default([]) }).optional(),
  tool: z
    .looseObject({
      poetry: z
        .looseObject({
          dependencies: z.record(z.string(), z.unknown()).default({}),
          group: z
            .record(
              z.string(),
              z.looseObject({ dependencies: z.record(z.string(), z.unknown()).default({}) }),
            )
            .default({}),
        })
        .optional(),
    })
    .optional(),
});

/** By pyproject.toml; undefined where it is not at hand. */
function namedByModule(others: readonly InventoryFile[]): Set<string> | undefined {
  const file = others.find(({ path }) => path === "pyproject.toml");
  if (file === undefined) return undefined;
  const { project, tool } = projectSchema.parse(parse(file.text));
  const groups = Object.values(tool?.poetry?.group ?? {}).flatMap((group) => Object.keys(group.dependencies));
  const standard = project?.dependencies.flatMap((text) => /^[A-Za-z0-9._-]+/.exec(text)?.[0] ?? []) ?? [];
  return new Set([...standard, ...Object.keys(tool?.poetry?.dependencies ?? {}), ...groups].map(pythonName));
}

function neededByNone(locked: LockedByPoetry[]): Set<string> {
  const needed = new Set(locked.flatMap((one) => Object.keys(one.dependencies).map(pythonName)));
  return new Set(locked.map(({ name }) => pythonName(name)).filter((name) => !needed.has(name)));
}
