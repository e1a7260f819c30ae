/**
 * Secrets that a service reads from files: each in one of its own, which nobody else may read, in a folder beside the
 * instance's HOME and never in the release. `<NAME>_FILE` says where. They go with the instance's release.
 */
import { chmodSync, chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Launch } from "./runtime.ts";

type Environment = Record<string, string>;

/** What the release was given, with paths in place of the values of these names. */
export function withSecretFiles(
  environment: Environment,
  names: readonly string[] | undefined,
  folder: string,
): Pick<Launch, "environment" | "secretFiles"> {
  const own = (names ?? []).filter((name) => environment[name] !== undefined);
  if (own.length === 0) return { environment };
  const kept = Object.entries(environment).filter(([name]) => !own.includes(name));
  const paths = own.map((name) => [`${name}_FILE`, join(secretFolderOf(folder), name)] as const);
  return {
    environment: { ...Object.fromEntries(paths), ...Object.fromEntries(kept) },
    secretFiles: Object.fromEntries(own.map((name) => [name, environment[name] ?? ""])),
  };
}

export function secretFolderOf(folder: string): string {
  return join(folder, "secrets");
}

/**
 * Written anew at every launch. `uid`: whose they are; `open`: its user has another number here, so that only the
 * closed folder above keeps others out. Returns the folder, where there is one to show.
 */
export function writeSecretFiles(
  { folder, secretFiles }: Launch,
  { uid, open = false }: { uid?: number | undefined; open?: boolean },
): string | undefined {
  if (secretFiles === undefined) return undefined;
  const place = secretFolderOf(folder);
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true, mode: 0o700 });
  for (const [name, value] of Object.entries(secretFiles)) {
    const path = join(place, name);
    writeFileSync(path, value, { mode: 0o400, flag: "wx" });
    if (open) chmodSync(path, 0o444);
    else if (uid !== undefined) chownSync(path, uid, uid);
  }
  if (open) chmodSync(place, 0o755);
  else if (uid !== undefined) chownSync(place, uid, uid);
  return place;
}

/** The folder of a launch that has one, as it stands. */
export function shownSecrets({ folder, secretFiles }: Launch): string[] {
  const place = secretFolderOf(folder);
  return secretFiles !== undefined && existsSync(place) ? [place] : [];
}
