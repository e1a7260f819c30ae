/** Takes a folder's content into a repository as a tree; no branch moves, and nothing stays of what is refused. */
import { readdir, realpath } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { type Refusal, RefusalError, refuse } from "../../../domain/refusal.ts";
import { importFiles } from "./fast-import.ts";
import { type FolderToRead, listModule, readModule } from "./folder-files.ts";
import type { ModuleLimits } from "./module-rules.ts";
import { keep } from "./refs.ts";
import { ensureRepository, sweepScratch, withScratch } from "./repository.ts";
import { rollUpPacks } from "./roll-up-packs.ts";
import { isDiskFailure } from "./run-git.ts";

export async function importFolder(
  root: string,
  request: { repository: string; folder: string },
  limits: ModuleLimits,
): Promise<{ tree: string }> {
  const folder = await readableFolder(request.folder);
  const repository = await ensureRepository(root, request.repository);
  await sweepScratch(root, new Date());
  const from: FolderToRead = { folder, source: request.folder, limits };
  const without = await ownFolder(root, folder);
  const { gitDir } = repository;
  try {
    const tree = await withScratch(root, async (scratch) => {
      const paths = await listModule(from, { gitDir, indexFile: join(scratch, "index"), without });
      return await importFiles(repository, scratch, readModule(from, paths));
    });
    await keep(repository, tree);
    await rollUpPacks(repository);
    return { tree };
  } catch (error) {
    throw error instanceof RefusalError ? error : unreadable(request.folder, error);
  }
}

async function readableFolder(folder: string): Promise<string> {
  try {
    const found = await realpath(folder);
    await readdir(found);
    return found;
  } catch (error) {
    throw unreadable(folder, error);
  }
}

/** Our own data may lie inside the module. */
async function ownFolder(root: string, folder: string): Promise<string[]> {
  const own = relative(folder, await realpath(root));
  const outside = own === "" || own === ".." || own.startsWith(`..${sep}`);
  return outside ? [] : [`:(exclude,literal)${own}`];
}

function unreadable(folder: string, error: unknown): Error {
  const why = words(error);
  const [code, next]: [Refusal["code"], string] = isDiskFailure(why)
    ? ["Unavailable", "Make room, or make the data folder writable, then retry; nothing was half written."]
    : ["ModuleInvalid", "Check the path and its permissions, or hand over another folder."];
  return refuse(code, `${folder} could not be read: ${why}. Expected a folder with a module's source.`, next);
}

function words(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "it does not exist";
  if (code === "ENOTDIR") return "it is not a folder";
  const text = error instanceof Error ? error.message : String(error);
  return code === "EACCES" || code === "EPERM" ? `permission denied (${text})` : text;
}
