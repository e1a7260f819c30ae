/** What lies in a folder, and whether that alone says what belongs to its module. */
import { type Dirent, readdirSync } from "node:fs";
import { join } from "node:path";
import { shortTurns } from "./breathe.ts";

/** Never part of a module, whatever its .gitignore says: resolved dependencies, and our own data folder. */
export const leftOut = ["node_modules", ".connectsoft"];

export interface Walked {
  /** Files and links. */
  paths: string[];
  /** What cannot be stored, and why; it may be ignored all the same. */
  odd: { path: string; why: string }[];
  /** Only git knows what belongs to it: something may be ignored, or a repository may lie inside. */
  gitDecides: boolean;
}

/** Other systems compare names in ways of their own, which git knows. */
const plainNames = process.platform === "linux";

/** `without`: a folder inside that is passed over. */
export async function walkFolder(folder: string, without: string | undefined): Promise<Walked> {
  const walked: Walked = { paths: [], odd: [], gitDecides: !plainNames };
  const turnEnds = shortTurns();
  const pending = [""];
  for (let prefix = pending.pop(); prefix !== undefined; prefix = pending.pop()) {
    for (const entry of entriesOf(folder, prefix, walked)) {
      const path = `${prefix}${entry.name}`;
      if (leftOut.includes(entry.name) || path === without) continue;
      if (entry.name === ".git") walked.gitDecides ||= prefix !== "";
      else if (entry.isDirectory()) pending.push(`${path}/`);
      else if (entry.isFile() || entry.isSymbolicLink()) walked.paths.push(path);
      else walked.odd.push({ path, why: "is a pipe, socket or device; expected files, folders and links" });
      walked.gitDecides ||= entry.name === ".gitignore";
    }
    await turnEnds();
  }
  walked.paths.sort();
  return walked;
}

/** A name that is no UTF-8 is left to git, which gives its bytes. */
function entriesOf(folder: string, prefix: string, walked: Walked): Dirent[] {
  try {
    const entries = readdirSync(join(folder, prefix), { withFileTypes: true });
    const named = entries.filter(({ name }) => !name.includes("\uFFFD"));
    walked.gitDecides ||= named.length < entries.length;
    return named;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (prefix === "" || (code !== "EACCES" && code !== "EPERM" && code !== "ENOENT")) throw error;
    const why =
      code === "ENOENT"
        ? "could not be read: it went away meanwhile"
        : "could not be read: permission denied";
    walked.odd.push({ path: prefix.slice(0, -1), why });
    return [];
  }
}
