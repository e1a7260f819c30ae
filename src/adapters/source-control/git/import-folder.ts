/** Takes a folder's content into a repository as a tree; no branch moves, and nothing stays of what is refused. */
import { readdirSync, realpathSync } from "node:fs";
import { relative, sep } from "node:path";
import { type Refusal, RefusalError, refuse } from "../../../domain/refusal.ts";
import { type FolderToRead, listModule, readModule } from "./folder-files.ts";
import type { ModuleLimits } from "./module-rules.ts";
import { ensureRepository } from "./repository.ts";
import { isDiskFailure } from "./run-git.ts";
import { storeFiles } from "./store-files.ts";
import { sweepLeftOvers } from "./sweep-left-overs.ts";

export async function importFolder(
  root: string,
  request: { repository: string; folder: string },
  limits: ModuleLimits,
): Promise<{ tree: string }> {
  const folder = readableFolder(request.folder);
  const repository = await ensureRepository(root, request.repository);
  await sweepLeftOvers(root, repository, new Date());
  const from: FolderToRead = {
    folder,
    source: request.folder,
    limits,
    without: ownFolder(root, folder),
  };
  try {
    const paths = await listModule(from, repository.gitDir);
    return { tree: await storeFiles(root, repository, readModule(from, paths)) };
  } catch (error) {
    throw error instanceof RefusalError ? error : unreadable(request.folder, error);
  }
}

function readableFolder(folder: string): string {
  try {
    const found = realpathSync.native(folder);
    readdirSync(found);
    return found;
  } catch (error) {
    throw unreadable(folder, error);
  }
}

/** Our own data may lie inside the module. */
function ownFolder(root: string, folder: string): string | undefined {
  const own = relative(folder, realpathSync.native(root));
  const outside = own === "" || own === ".." || own.startsWith(`..${sep}`);
  return outside ? undefined : own;
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
