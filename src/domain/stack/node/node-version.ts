/** The Node that a package asks for: a file of a version manager, volta, then the range of `engines`. */
import semver from "semver";
import { chooseVersion, type VersionWish } from "../known-versions.ts";
import type { ModuleFolder } from "../stack.ts";
import type { PackageFile } from "./package-file.ts";

export const nodeVersionFiles = [".nvmrc", ".node-version"];

/** Names under which long-term releases are asked for. */
const codenames: Record<string, string> = { iron: "20", jod: "22", krypton: "24" };

export function nodeVersion(file: PackageFile, folder: ModuleFolder): string {
  return chooseVersion("node", versionFile(folder) ?? volta(file) ?? engines(file));
}

function versionFile(folder: ModuleFolder): VersionWish | undefined {
  for (const path of nodeVersionFiles) {
    const wanted = (folder.read(path) ?? "").replaceAll(/#.*$/gm, "").trim();
    if (wanted !== "") return named(path, wanted);
  }
  return undefined;
}

function named(from: string, wanted: string): VersionWish {
  const word = wanted.replace(/^lts\//, "").toLowerCase();
  if (["*", "-1", "node", "stable", "latest", "current"].includes(word))
    return { from, wanted, accepts: () => true };
  const major = Object.hasOwn(codenames, word) ? codenames[word] : /^v?(\d+)(\.|$)/.exec(word)?.[1];
  return { from, wanted, accepts: (version) => version === major };
}

function volta(file: PackageFile): VersionWish | undefined {
  const wanted = file.volta?.node;
  return wanted === undefined ? undefined : named("volta.node in package.json", wanted);
}

/** A range is met by a major version when some release of it is in the range. What is no range says nothing. */
function engines(file: PackageFile): VersionWish | undefined {
  const wanted = file.engines?.node;
  const range = wanted === undefined ? null : semver.validRange(wanted, { loose: true });
  if (wanted === undefined || range === null) return undefined;
  const accepts = (version: string) => semver.intersects(range, `${version}.x`);
  return { from: "engines.node in package.json", wanted, accepts };
}
