/** The Python that a module asks for: a file of a version manager, then its own range. */
import { chooseVersion, type VersionWish } from "../known-versions.ts";
import type { ModuleFolder } from "../stack.ts";

export const pythonVersionFiles = [".python-version", "runtime.txt"];

export function pythonVersion(
  folder: ModuleFolder,
  range: { from: string; wanted: string } | undefined,
): string {
  return chooseVersion("python", versionFile(folder) ?? rangeWish(range));
}

function versionFile(folder: ModuleFolder): VersionWish | undefined {
  for (const from of pythonVersionFiles) {
    const wanted = /^(?:python-|cpython-)?(\d+\.\d+)/m.exec(folder.read(from) ?? "")?.[1];
    if (wanted !== undefined) return { from, wanted, accepts: (version) => version === wanted };
  }
  return undefined;
}

function rangeWish(range: { from: string; wanted: string } | undefined): VersionWish | undefined {
  return range === undefined
    ? undefined
    : { ...range, accepts: (version) => meetsRange(version, range.wanted) };
}

/** Whether some release of a minor version is in a range: PEP 440's, and Poetry's `^`, `~` and `||`. */
export function meetsRange(minor: string, range: string): boolean {
  const alternatives = range.split("||");
  return alternatives.some((each) => {
    const clauses = each.split(/,|\s+(?=[<>=!~^])/).map((clause) => clause.trim());
    return clauses.every((clause) => meetsClause(minor, clause));
  });
}

/** What is no clause that is known says nothing. */
function meetsClause(minor: string, clause: string): boolean {
  const [, sign = "", number = "", any = ""] = /^([<>=!~^]*)\s*v?(\d+(?:\.\d+)*)(\.\*)?/.exec(clause) ?? [];
  if (number === "") return true;
  const parts = number.split(".").map(Number);
  const [major = 0, wantedMinor = 0, patch = 0] = parts;
  const [ownMajor = 0, ownMinor = 0] = minor.split(".").map(Number);
  const order = ownMajor - major || ownMinor - wantedMinor;
  const sameMajor = ownMajor === major;
  switch (sign) {
    case ">=":
    case ">":
      return order >= 0;
    case "<":
      return order < 0 || (order === 0 && patch > 0);
    case "<=":
      return order <= 0;
    case "!=":
      return any === "" || (parts.length === 1 ? !sameMajor : order !== 0);
    case "^":
      return order >= 0 && sameMajor;
    case "~=":
      return parts.length > 2 ? order === 0 : order >= 0 && sameMajor;
    default:
      return parts.length === 1 ? sameMajor : order === 0;
  }
}
