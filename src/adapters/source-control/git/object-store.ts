/** Objects that are made in memory, laid over what the repository holds, and stored together. */
import { refuse } from "../../../domain/refusal.ts";
import { readObject } from "./object-reader.ts";
import { type GitObject, parseTree, type TreeEntry } from "./objects.ts";
import { writePack } from "./pack.ts";
import type { Repository } from "./repository.ts";
import { rollUpPacks } from "./roll-up-packs.ts";
import { isDiskFailure } from "./run-git.ts";

export interface ObjectDraft {
  repository: Repository;
  add(object: GitObject): string;
  readTree(id: string): Promise<TreeEntry[]>;
  /** Stores all that was added since, durably: a ref that moves afterwards never points to what a power cut takes. */
  store(): Promise<void>;
}

export function draftObjects(repository: Repository): ObjectDraft {
  const trees = new Map<string, TreeEntry[]>();
  let fresh = new Map<string, GitObject>();
  return {
    repository,
    add(object) {
      fresh.set(object.id, object);
      if (object.type === "tree") trees.set(object.id, parseTree(object.body));
      return object.id;
    },
    async readTree(id) {
      const known = trees.get(id);
      if (known !== undefined) return known;
      const found = await readObject(repository, id);
      if (found?.type !== "tree") throw new Error(`${repository.name} holds no tree ${id}; see git fsck.`);
      const entries = parseTree(found.body);
      trees.set(id, entries);
      return entries;
    },
    async store() {
      const objects = [...fresh.values()];
      fresh = new Map();
      await storeObjects(repository, objects);
    },
  };
}

/** Each object once; durable as the pack is. */
export async function storeObjects(
  repository: Repository,
  objects: GitObject[],
  options: { named?: boolean } = {},
): Promise<void> {
  if (objects.length === 0) return;
  await writePack(repository.gitDir, objects, options).catch((error) => {
    throw isDiskFailure(String(error)) ? noRoom(repository, error) : error;
  });
  await rollUpPacks(repository);
}

function noRoom(repository: Repository, error: unknown): Error {
  return refuse(
    "Unavailable",
    `${repository.name} could not be written to: ${error instanceof Error ? error.message : String(error)}.`,
    "Make room, or make the data folder writable, then retry; nothing was half written.",
  );
}
