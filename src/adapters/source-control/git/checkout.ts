/** Writes a commit's files into a directory: beside it first, then in one rename, so that it is whole or not there. */
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { refuse } from "../../../domain/refusal.ts";
import { readCommit } from "./history.ts";
import type { Repository } from "./repository.ts";
import { runGit } from "./run-git.ts";
import { subtree } from "./subtree.ts";

export async function checkout(
  repository: Repository,
  commit: string,
  place: { directory: string; folder?: string | undefined },
): Promise<void> {
  const found = await readCommit(repository, commit);
  if (found === undefined)
    throw refuse("NotFound", `${repository.name} has no commit ${commit} to check out.`);
  const tree = await subtree(repository, found.tree, place.folder ?? "");
  if (tree === undefined)
    throw refuse("NotFound", `${commit} of ${repository.name} has no folder ${place.folder} to check out.`);
  const directory = resolve(place.directory);
  await requireEmpty(directory);
  await mkdir(dirname(directory), { recursive: true });
  const staged = await mkdtemp(join(dirname(directory), ".checkout-"));
  try {
    const workTree = join(staged, "files");
    await mkdir(workTree);
    const options = { gitDir: repository.gitDir, workTree, indexFile: join(staged, "index") };
    await runGit(["read-tree", tree], options);
    await runGit(["checkout-index", "--all", "--quiet"], options);
    await rename(workTree, directory);
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

async function requireEmpty(directory: string): Promise<void> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  if (names.length > 0)
    throw refuse("Conflict", `${directory} is not empty; a checkout needs an empty or absent directory.`);
}
