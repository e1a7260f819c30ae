import type { LockedPackage } from "../package-graph.ts";
import { purlOf } from "../purl.ts";

/** A version that is empty, or still has a placeholder in it, is not known. */
export function mavenPackage(
  group: string,
  name: string,
  version: string,
): LockedPackage & { dependsOn: string[] } {
  const known = version === "" || version.includes("${") ? "unknown" : version;
  const purl = purlOf({ ecosystem: "maven", group, name, version: known });
  return { purl, ecosystem: "maven", group, name, version: known, hashes: {}, dependsOn: [] };
}
