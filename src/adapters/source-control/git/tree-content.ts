/** What a tree holds, and whether it can be delivered: files and links that stay inside it, nothing else. */
import { posix } from "node:path";
import { refuse } from "../../../domain/refusal.ts";
import type { Repository } from "./repository.ts";
import { runGit } from "./run-git.ts";

export const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
const linkMode = "120000";
const submoduleMode = "160000";
/** As Linux does: a longer chain of links is a circle. */
const maxLinks = 40;

interface Entry {
  mode: string;
  object: string;
  path: string;
}

/** Refuses with ModuleInvalid a tree that is empty, has repositories inside, or links that lead out of it. */
export async function requireDeliverable(
  repository: Repository,
  tree: string,
  source: string,
): Promise<void> {
  if (tree === emptyTree)
    throw refuse(
      "ModuleInvalid",
      `${source} holds no files that are not ignored; expected a module, at least a package.json.`,
      "Check the path, and that .gitignore does not leave everything out.",
    );
  const entries = await listEntries(repository, tree);
  const inner = entries.find((entry) => entry.mode === submoduleMode);
  if (inner !== undefined)
    throw refuse(
      "ModuleInvalid",
      `${inner.path} in ${source} is a git repository of its own; expected plain files.`,
      `Remove ${inner.path}/.git, or hand that repository over as a module of its own.`,
    );
  await refuseEscapes(repository, entries, source);
}

async function refuseEscapes(repository: Repository, entries: Entry[], source: string): Promise<void> {
  const links = entries.filter((entry) => entry.mode === linkMode);
  const targets = new Map<string, string>();
  for (const link of links) {
    const { stdout } = await runGit(["cat-file", "blob", link.object], { gitDir: repository.gitDir });
    targets.set(link.path, stdout.toString("utf8"));
  }
  for (const link of links) {
    if (staysInside(link.path, targets)) continue;
    throw refuse(
      "ModuleInvalid",
      `${link.path} in ${source} links to ${targets.get(link.path)}, which leads out of the module; expected links that stay inside.`,
      "Replace the link by a copy of what it points to.",
    );
  }
}

/** Follows a link as a file system would, component by component, so that `..` behind another link counts. */
export function staysInside(path: string, targets: ReadonlyMap<string, string>): boolean {
  const pending = path.split("/");
  let place: string[] = [];
  let followed = 0;
  for (let part = pending.shift(); part !== undefined; part = pending.shift()) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      if (place.length === 0) return false;
      place = place.slice(0, -1);
      continue;
    }
    const target = targets.get([...place, part].join("/"));
    if (target === undefined) {
      place = [...place, part];
      continue;
    }
    followed += 1;
    if (followed > maxLinks || posix.isAbsolute(target)) return false;
    pending.unshift(...target.split("/"));
  }
  return true;
}

async function listEntries(repository: Repository, tree: string): Promise<Entry[]> {
  const { stdout } = await runGit(["ls-tree", "-r", "-z", "--full-tree", tree], {
    gitDir: repository.gitDir,
  });
  return stdout
    .toString("utf8")
    .split("\0")
    .filter((line) => line !== "")
    .map(parseEntry);
}

/** `<mode> SP <type> SP <object> TAB <path>` */
function parseEntry(line: string): Entry {
  const tab = line.indexOf("\t");
  const [mode = "", , object = ""] = line.slice(0, tab).split(" ");
  return { mode, object, path: line.slice(tab + 1) };
}
