/** What a module's package.json, and npm's own record of what it installed, say of its dependencies. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { PackageManager } from "../../../domain/module/module-spec.ts";
import type { PipelineModel } from "../../../domain/pipeline/pipeline-model.ts";
import { refuse } from "../../../domain/refusal.ts";

const field = z.record(z.string(), z.unknown());
const manifestSchema = z.looseObject({
  dependencies: field.optional(),
  devDependencies: field.optional(),
  optionalDependencies: field.optional(),
  peerDependencies: field.optional(),
  workspaces: z.unknown().optional(),
});

const recordSchema = z.looseObject({
  packages: z.record(
    z.string(),
    z.looseObject({ dev: z.boolean().optional(), bin: z.record(z.string(), z.string()).optional() }),
  ),
});

const lockFiles: Partial<Record<PackageManager, string>> = {
  npm: "package-lock.json",
  pnpm: "pnpm-lock.yaml",
  yarn: "yarn.lock",
  poetry: "poetry.lock",
  uv: "uv.lock",
  go: "go.sum",
};

/** The file in which the package manager writes what it resolved to. */
export function lockFileOf({ packageManager }: PipelineModel): string | undefined {
  return lockFiles[packageManager];
}

/** False where there is nothing to resolve, so that npm need not be asked. */
export async function hasDependencies(folder: string): Promise<boolean> {
  const text = await readIfThere(join(folder, "package.json"));
  if (text === undefined) return false;
  const manifest = manifestSchema.safeParse(parseJson(text));
  if (!manifest.success)
    throw refuse("ModuleInvalid", "package.json is not a package description that npm reads.", "Correct it.");
  const { dependencies, devDependencies, optionalDependencies, peerDependencies, workspaces } = manifest.data;
  const named = [dependencies, devDependencies, optionalDependencies, peerDependencies];
  return workspaces !== undefined || named.some((names) => Object.keys(names ?? {}).length > 0);
}

/**
 * Names what an artifact does without: packages that only development needs, by npm's record of what it
 * installed (`npm prune --omit=dev` removes the same, in a second of its own), and their commands in `.bin`.
 */
export async function developmentOnly(folder: string): Promise<(path: string) => boolean> {
  const text = await readIfThere(join(folder, npmRecord));
  const record = recordSchema.safeParse(text === undefined ? undefined : parseJson(text));
  const packages = record.success ? Object.entries(record.data.packages) : [];
  const dropped = new Set([npmRecord]);
  for (const [path, entry] of packages)
    if (entry.dev) for (const each of [path, ...commandsOf(path, entry.bin)]) dropped.add(each);
  for (const [path, entry] of packages)
    if (!entry.dev) for (const command of commandsOf(path, entry.bin)) dropped.delete(command);
  return (path) => dropped.has(path);
}

const npmRecord = "node_modules/.package-lock.json";

function commandsOf(path: string, bin: Record<string, string> = {}): string[] {
  const folder = path.slice(0, path.lastIndexOf("node_modules/") + "node_modules/".length);
  return Object.keys(bin).map((name) => `${folder}.bin/${name}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}
