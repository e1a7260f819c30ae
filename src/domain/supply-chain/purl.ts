/** Package URLs (the purl specification, ECMA-427), which name a package in every ecosystem alike. */
import type { Ecosystem } from "./inventory.ts";

export interface PackageName {
  ecosystem: Ecosystem;
  /** npm's scope with its `@`, Maven's group, the path before a Go module's last segment. */
  group?: string;
  name: string;
  version: string;
}

/** `qualifiers` say where a package came from that no registry gave. */
export function purlOf(
  { ecosystem, group, name, version }: PackageName,
  qualifiers: Record<string, string> = {},
): string {
  const path = [...(group?.split("/") ?? []), name].map(encoded).join("/");
  const query = Object.entries(qualifiers)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, value]) => `${key}=${encoded(value)}`)
    .join("&");
  return `pkg:${ecosystem}/${path}@${encoded(version)}${query === "" ? "" : `?${query}`}`;
}

/** The package whatever its version: `pkg:npm/hono`. */
export function withoutVersion(purl: string): string {
  const [path = ""] = purl.split(/[?#]/, 1);
  const at = path.lastIndexOf("@");
  return at > path.lastIndexOf("/") ? path.slice(0, at) : path;
}

/** As the specification wants it: `:` stays readable. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll("%3A", ":");
}
