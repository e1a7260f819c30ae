/** Reads objects and refs through a `git cat-file` that stays. */
import { askSession } from "./git-session.ts";
import type { GitObject, ObjectType } from "./objects.ts";
import type { Repository } from "./repository.ts";

/** The object with this id, or that this full ref points to; undefined where it is not there. */
export async function readObject({ gitDir }: Repository, name: string): Promise<GitObject | undefined> {
  return await askSession(gitDir, ["cat-file", "--batch"], { input: `${name}\n`, parse });
}

/** True where the object or full ref is there; nothing of it is read. */
export async function isThere({ gitDir }: Repository, name: string): Promise<boolean> {
  return await askSession(gitDir, ["cat-file", "--batch-check"], { input: `${name}\n`, parse: parseLine });
}

function parseLine(output: Buffer): { value: boolean; length: number } | number {
  const lineEnd = output.indexOf(0x0a);
  if (lineEnd < 0) return output.length + 1;
  return { value: !output.toString("utf8", 0, lineEnd).endsWith(" missing"), length: lineEnd + 1 };
}

/** `<id> SP <type> SP <size> LF <content> LF`, or `<name> missing LF`. */
function parse(output: Buffer): { value: GitObject | undefined; length: number } | number {
  const lineEnd = output.indexOf(0x0a);
  if (lineEnd < 0) return output.length + 1;
  const [id = "", type = "", size] = output.toString("utf8", 0, lineEnd).split(" ");
  if (size === undefined) return { value: undefined, length: lineEnd + 1 };
  const start = lineEnd + 1;
  const end = start + Number(size);
  if (output.length < end + 1) return end + 1;
  return { value: { id, type: type as ObjectType, body: output.subarray(start, end) }, length: end + 1 };
}
