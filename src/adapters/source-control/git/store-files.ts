/**
 * Stores files as one tree that is kept. An ordinary module becomes objects in this process, and modules that wait
 * at the same time become one pack; a large one goes through git.
 */
import { importFiles } from "./fast-import.ts";
import type { IncomingFile } from "./folder-files.ts";
import { isThere } from "./object-reader.ts";
import { storeObjects } from "./object-store.ts";
import { type GitObject, gitObject, type TreeEntry, treeMode, treeObject } from "./objects.ts";
import { isKept, keep } from "./refs.ts";
import { type Repository, withScratch } from "./repository.ts";
import { rollUpPacks } from "./roll-up-packs.ts";
import { inTurns } from "./turns.ts";

/** Up to here this process is faster than to start another one, and holds the files in memory. */
const ordinary = { files: 5_000, bytes: 16 * 1_048_576 };
const mostTogether = 32;
/** To ask whether something is there pays from this size on. */
const worthAsking = 65_536;

export async function storeFiles(
  root: string,
  repository: Repository,
  files: AsyncIterable<IncomingFile>,
): Promise<string> {
  const { first, rest } = await takeOrdinary(files);
  if (rest === undefined) return await storeTogether(repository, objectsOf(first));
  const all = async function* () {
    yield* first;
    yield* rest;
  };
  const tree = await withScratch(root, (scratch) => importFiles(repository, scratch, all()));
  await keep(repository, tree);
  await rollUpPacks(repository);
  return tree;
}

/** `rest`: what is left to read where there is more than fits. */
async function takeOrdinary(
  files: AsyncIterable<IncomingFile>,
): Promise<{ first: IncomingFile[]; rest: AsyncIterable<IncomingFile> | undefined }> {
  const reading = files[Symbol.asyncIterator]();
  const first: IncomingFile[] = [];
  let bytes = 0;
  for (let next = await reading.next(); next.done !== true; next = await reading.next()) {
    first.push(next.value);
    bytes += next.value.content.length;
    if (first.length > ordinary.files || bytes > ordinary.bytes)
      return { first, rest: { [Symbol.asyncIterator]: () => reading } };
  }
  return { first, rest: undefined };
}

interface Objects {
  tree: string;
  objects: Map<string, GitObject>;
}

interface Folder {
  entries: TreeEntry[];
  folders: Map<string, Folder>;
}

function objectsOf(files: IncomingFile[]): Objects {
  const objects = new Map<string, GitObject>();
  const add = (object: GitObject) => {
    objects.set(object.id, object);
    return object.id;
  };
  const top: Folder = { entries: [], folders: new Map() };
  for (const { path, mode, content } of files) {
    const parts = Buffer.from(path, "utf8").toString("latin1").split("/");
    const name = parts.pop() ?? "";
    folderAt(top, parts).entries.push({ mode, name, id: add(gitObject("blob", content)) });
  }
  const treeOf = ({ entries, folders }: Folder): string => {
    const inner = [...folders].map(([name, folder]) => ({ mode: treeMode, name, id: treeOf(folder) }));
    return add(treeObject([...entries, ...inner]));
  };
  return { tree: treeOf(top), objects };
}

function folderAt(top: Folder, parts: string[]): Folder {
  let at = top;
  for (const part of parts) {
    const next: Folder = at.folders.get(part) ?? { entries: [], folders: new Map() };
    at.folders.set(part, next);
    at = next;
  }
  return at;
}

async function storeTogether(repository: Repository, asked: Objects): Promise<string> {
  const together = inTurns<Objects, string>(`${repository.gitDir}\0imports`, mostTogether, (turn) =>
    land(repository, turn),
  );
  return await together(asked);
}

async function land(repository: Repository, turn: Objects[]): Promise<PromiseSettledResult<string>[]> {
  const kept = await Promise.all(turn.map(({ tree }) => isKept(repository, tree)));
  const fresh = turn.filter((_, index) => kept[index] !== true);
  const all = new Map(fresh.flatMap(({ objects }) => [...objects]));
  const top = togetherIn(fresh.map(({ tree }) => tree));
  if (top !== undefined) all.set(top.id, top);
  const there = await Promise.all(
    [...all.values()].map(({ id, body }) => body.length >= worthAsking && isThere(repository, id)),
  );
  const missing = [...all.values()].filter((_, index) => there[index] !== true);
  // Where a power cut takes the pack's name and leaves the ref, the tree counts as not kept and is stored again.
  await storeObjects(repository, missing, { named: false });
  const held = top?.id ?? fresh[0]?.tree;
  if (held !== undefined) await keep(repository, held);
  return turn.map(({ tree }) => ({ status: "fulfilled", value: tree }));
}

/** A tree of trees, so that one ref keeps them all: git flushes each ref by itself. */
function togetherIn(trees: string[]): GitObject | undefined {
  const distinct = [...new Set(trees)];
  return distinct.length < 2
    ? undefined
    : treeObject(distinct.map((id) => ({ mode: treeMode, name: id, id })));
}
