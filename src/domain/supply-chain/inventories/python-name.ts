import type { LockedPackage } from "../package-graph.ts";
import { purlOf } from "../purl.ts";

/** As PyPI compares names (PEP 503). */
export function pythonName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, "-");
}

export function pythonPackage(
  name: string,
  version: string,
  facts: { licence?: string | undefined; hashes?: LockedPackage["hashes"] } = {},
): LockedPackage {
  const { hashes = {}, licence } = facts;
  const purl = purlOf({ ecosystem: "pypi", name, version });
  const said = licence === undefined ? {} : { licence };
  return { purl, ecosystem: "pypi", name, version, ...said, hashes, dependsOn: [] };
}

/** The hash of the one archive that every platform gets; none where each platform has its own. */
export function commonHash(files: readonly { file: string; hash?: string | undefined }[]): {
  "SHA-256"?: string;
} {
  const anywhere = files.filter(({ file }) => /-none-any\.whl$/.test(file));
  const [only, ...more] = anywhere.length > 0 ? anywhere : files;
  const hex = more.length > 0 ? undefined : /^sha256:([0-9a-f]{64})$/.exec(only?.hash ?? "")?.[1];
  return hex === undefined ? {} : { "SHA-256": hex };
}
