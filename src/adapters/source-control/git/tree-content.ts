/** Holds a stored tree to what can be delivered. */

import {
  checkLinks,
  checkNames,
  checkSize,
  checkTotal,
  isLfsPointer,
  longestLfsPointer,
  type ModuleLimits,
  readNames,
  refuseEmpty,
  refuseInnerRepository,
  refuseLfsPointer,
} from "./module-rules.ts";
import { emptyTree } from "./objects.ts";
import { readBlobs } from "./read.ts";
import type { Repository } from "./repository.ts";
import { runGit } from "./run-git.ts";

const linkMode = "120000";
const submoduleMode = "160000";

interface Entry {
  mode: string;
  object: string;
  bytes: number;
  path: string;
}

/** Refuses with ModuleInvalid a tree that is empty, too large, or holds what cannot be delivered. */
export async function requireDeliverable(
  repository: Repository,
  tree: string,
  from: { source: string; limits: ModuleLimits },
): Promise<void> {
  const { source, limits } = from;
  if (tree === emptyTree) throw refuseEmpty(source);
  const entries = await listEntries(repository, tree, source);
  const inner = entries.find((entry) => entry.mode === submoduleMode);
  if (inner !== undefined) throw refuseInnerRepository(inner.path, source);
  checkNames(
    entries.map(({ path }) => path),
    source,
  );
  for (const entry of entries) checkSize(entry, source, limits);
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  checkTotal({ files: entries.length, bytes }, source, limits);
  await refuseEscapes(repository, entries, source);
  await refusePointers(repository, entries, source);
}

async function refuseEscapes(repository: Repository, entries: Entry[], source: string): Promise<void> {
  const links = entries.filter((entry) => entry.mode === linkMode);
  const targets = await readBlobs(
    repository,
    links.map(({ object }) => object),
  );
  checkLinks(new Map(links.map(({ path }, index) => [path, targets[index]?.toString("utf8") ?? ""])), source);
}

/** Only where attributes speak of LFS at all: otherwise a small file is what it is. */
async function refusePointers(repository: Repository, entries: Entry[], source: string): Promise<void> {
  const attributes = entries.filter(({ path }) => /(^|\/)\.gitattributes$/.test(path));
  const texts = await readBlobs(
    repository,
    attributes.map(({ object }) => object),
  );
  if (!texts.some((text) => text.includes("filter=lfs"))) return;
  const small = entries.filter(({ mode, bytes }) => mode !== linkMode && bytes <= longestLfsPointer);
  const contents = await readBlobs(
    repository,
    small.map(({ object }) => object),
  );
  const pointer = small.find((_, index) => isLfsPointer(contents[index] ?? Buffer.of()));
  if (pointer !== undefined) throw refuseLfsPointer(pointer.path, source);
}

async function listEntries(repository: Repository, tree: string, source: string): Promise<Entry[]> {
  const { stdout } = await runGit(["ls-tree", "-r", "-l", "-z", "--full-tree", tree], {
    gitDir: repository.gitDir,
  });
  return readNames(stdout, source).map(parseEntry);
}

/** `<mode> SP <type> SP <object> SP+ <size or -> TAB <path>` */
function parseEntry(line: string): Entry {
  const tab = line.indexOf("\t");
  const [mode = "", , object = "", bytes = ""] = line.slice(0, tab).split(/ +/);
  return { mode, object, bytes: bytes === "-" ? 0 : Number(bytes), path: line.slice(tab + 1) };
}
