/** Which version a delivery may carry: one version has one content. */
import semver from "semver";

export interface ReleasedVersion {
  version: string;
  /** The git tree that was released under it. */
  tree: string;
}

/**
 * The declared version where it is free or was released with this very content, so that a repeated delivery
 * keeps its version; else the lowest patch above it that is free or has this content.
 */
export function nextVersion(declared: string, tree: string, released: readonly ReleasedVersion[]): string {
  const taken = new Map(released.map((one) => [one.version, one.tree]));
  let version = declared;
  for (
    let holder = taken.get(version);
    holder !== undefined && holder !== tree;
    holder = taken.get(version)
  ) {
    const next = semver.inc(version, "patch");
    if (next === null) throw new TypeError(`${declared} is no semantic version`);
    version = next;
  }
  return version;
}
