/** Takes a folder's content into a repository as a tree, through an index of its own; no branch moves. */
import { readdir, realpath } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { type Refusal, refuse } from "../../../domain/refusal.ts";
import { keep } from "./refs.ts";
import { ensureRepository, sweepScratch, withScratch } from "./repository.ts";
import { askGit, lastWords, runGit } from "./run-git.ts";
import { requireDeliverable } from "./tree-content.ts";

/** Never part of a module, whatever its .gitignore says: resolved dependencies, and our own data folder. */
const leftOut = ["node_modules", ".connectsoft"];

export async function importFolder(
  root: string,
  request: { repository: string; folder: string },
): Promise<{ tree: string }> {
  const folder = await readableFolder(request.folder);
  const repository = await ensureRepository(root, request.repository);
  await sweepScratch(root, new Date());
  const tree = await withScratch(root, async (scratch) => {
    const options = { gitDir: repository.gitDir, workTree: folder, indexFile: join(scratch, "index") };
    const added = await runGit(["add", "--all", "--", ".", ...(await exclusions(root, folder))], {
      ...options,
      accept: [1, 128],
    });
    if (added.exitCode !== 0) throw unreadable(request.folder, lastWords(added.stderr));
    return await askGit(["write-tree"], options);
  });
  await requireDeliverable(repository, tree, request.folder);
  await keep(repository, tree);
  return { tree };
}

async function readableFolder(folder: string): Promise<string> {
  try {
    const found = await realpath(folder);
    await readdir(found);
    return found;
  } catch (error) {
    throw unreadable(folder, words(error));
  }
}

async function exclusions(root: string, folder: string): Promise<string[]> {
  const named = leftOut.map((name) => `:(exclude,glob)**/${name}/**`);
  const own = relative(folder, await realpath(root));
  const outside = own === "" || own === ".." || own.startsWith(`..${sep}`);
  return outside ? named : [...named, `:(exclude,literal)${own}`];
}

function unreadable(folder: string, why: string): Error {
  const full = /No space left|Read-only file system|Disk quota|unable to write/i.test(why);
  const [code, next]: [Refusal["code"], string] = full
    ? ["Unavailable", "Make room, or make the data folder writable, then retry; nothing was half written."]
    : ["ModuleInvalid", "Check the path and its permissions, or hand over another folder."];
  return refuse(code, `${folder} could not be read: ${why}. Expected a folder with a module's source.`, next);
}

function words(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "it does not exist";
  if (code === "ENOTDIR") return "it is not a folder";
  if (code === "EACCES" || code === "EPERM") return "permission denied";
  return error instanceof Error ? error.message : String(error);
}
