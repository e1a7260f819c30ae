/**
 * A user of its own for each namespace, where the supervisor is root. The number follows from the directory
 * and the namespace and is written down, so that it stays the same and no two namespaces share one.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface Range {
  first: number;
  count: number;
}

/** Above everything that systemd's table of users (systemd.io/UIDS-GIDS) knows of. */
const wide: Range = { first: 1_900_000_000, count: 200_000_000 };
/** In a container whose root has 65,536 numbers only: below those of systemd's dynamic users. */
const narrow: Range = { first: 50_000, count: 10_000 };

/** User and group number of a namespace; undefined where this host maps none of our ranges. */
export function userOf(directory: string, namespace: string): number | undefined {
  const file = fileIn(directory);
  const users = readUsers(file);
  const known = users[namespace];
  if (known !== undefined) return known;
  const range = [wide, narrow].find(isMapped);
  if (range === undefined) return undefined;
  const taken = new Set(Object.values(users));
  const wanted =
    createHash("sha256").update(`${directory}|${namespace}`).digest().readUInt32BE() % range.count;
  let offset = wanted;
  while (taken.has(range.first + offset)) offset = (offset + 1) % range.count;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, JSON.stringify({ ...users, [namespace]: range.first + offset }, null, 1), {
    mode: 0o600,
  });
  renameSync(`${file}.new`, file);
  return range.first + offset;
}

/** The one that services of a namespace were given; none is given here. */
export function knownUserOf(directory: string, namespace: string): number | undefined {
  return readUsers(fileIn(directory))[namespace];
}

function fileIn(directory: string): string {
  return join(directory, "users.json");
}

function readUsers(file: string): Record<string, number> {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, number>) : {};
}

function isMapped({ first, count }: Range): boolean {
  const maps = readFileSync("/proc/self/uid_map", "utf8").trim().split("\n");
  return maps.some((map) => {
    const [inside = 0, , length = 0] = map.trim().split(/\s+/).map(Number);
    return inside <= first && first + count <= inside + length;
  });
}
