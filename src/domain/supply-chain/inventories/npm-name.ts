/** `@scope/name` in the parts that CycloneDX and purl want. */
import type { LockedPackage } from "../package-graph.ts";
import { purlOf } from "../purl.ts";

export function npmPackage(
  full: string,
  version: string,
  facts: Pick<LockedPackage, "hashes"> & { licence?: string | undefined; resolved?: string | undefined },
): LockedPackage {
  const slash = full.startsWith("@") ? full.indexOf("/") : -1;
  const group = slash < 0 ? {} : { group: full.slice(0, slash) };
  const name = full.slice(slash + 1);
  return {
    purl: purlOf({ ecosystem: "npm", ...group, name, version }, origin(facts.resolved)),
    ecosystem: "npm",
    ...group,
    name,
    version,
    ...(facts.licence === undefined ? {} : { licence: facts.licence }),
    hashes: facts.hashes,
    dependsOn: [],
  };
}

/** A registry's own archive ends in `/-/<file>.tgz`; what else is fetched is not what the registry has by that name. */
function origin(resolved: string | undefined): Record<string, string> {
  if (resolved === undefined || /\/-\/[^/]+\.tgz/.test(resolved)) return {};
  if (/^git(\+|:)/.test(resolved)) return { vcs_url: withoutCredentials(resolved) };
  return /^https?:/.test(resolved) ? { download_url: withoutCredentials(resolved) } : {};
}

function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^/@]*:[^/@]*@/, "//");
}
