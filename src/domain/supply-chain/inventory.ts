/** What was resolved for a module, read from the files that package managers leave behind. */

/** A file of the built tree, by its path there. */
export interface InventoryFile {
  path: string;
  text: string;
}

export type Ecosystem = "npm" | "pypi" | "golang" | "maven" | "nuget";

/** CycloneDX's words: `excluded` was there for building or testing and is not part of what runs. */
export type PackageScope = "required" | "optional" | "excluded";

export type HashAlgorithm = "MD5" | "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";

export interface ResolvedPackage {
  /** Identifies it: `pkg:npm/%40hono/node-server@2.1.8`. */
  purl: string;
  ecosystem: Ecosystem;
  /** npm's scope, Maven's group. */
  group?: string;
  name: string;
  version: string;
  /** As the package says it: an SPDX expression, or a name. */
  licence?: string;
  /** Hex, of the package's own archive as its registry gives it. */
  hashes: Partial<Record<HashAlgorithm, string>>;
  scope: PackageScope;
  /** Named by the module itself. */
  direct: boolean;
  /** Purls of what it needs. */
  dependsOn: string[];
}

/**
 * How much a file says: what really lies in the tree, everything that a tool resolved, or only what the module
 * asked for.
 */
export type Completeness = "installed" | "resolved" | "declared";

export interface InventoryReader {
  ecosystem: Ecosystem;
  completeness: Completeness;
  reads(path: string): boolean;
  /** Throws on text that is not of its form; `others` are all files, for what one does not say alone. */
  read(file: InventoryFile, others: readonly InventoryFile[]): ResolvedPackage[];
}
