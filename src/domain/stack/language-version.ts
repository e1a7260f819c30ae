/**
 * Versions as other languages count them, said as a semantic version: `1.0` is 1.0.0, `1.0-SNAPSHOT` is
 * 1.0.0-SNAPSHOT, `2.1rc1` is 2.1.0-rc1, `1.2.3.4` is 1.2.3+4. Undefined where no number can be read.
 */
import semver from "semver";

export function asSemver(version: string): string | undefined {
  const text = version.trim().replace(/^v/i, "");
  const [, major, minor = "0", patch = "0", rest = ""] =
    /^(\d+)(?:\.(\d+))?(?:\.(\d+))?(.*)$/.exec(text) ?? [];
  if (major === undefined) return undefined;
  const core = [major, minor, patch].map((part) => BigInt(part)).join(".");
  const words = rest
    .replace(/^[.\-_+]+/, "")
    .replaceAll(/[^0-9A-Za-z]+/g, ".")
    .replace(/\.$/, "");
  if (words === "") return semver.valid(core) ?? undefined;
  // What comes after the release is no forerunner of it.
  const isAfter = /^(\d|post|final|release|ga\b)/i.test(words) || rest.startsWith("+");
  return semver.valid(`${core}${isAfter ? "+" : "-"}${words}`) === null
    ? (semver.valid(core) ?? undefined)
    : `${core}${isAfter ? "+" : "-"}${words}`;
}
