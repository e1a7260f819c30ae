/** Bare repositories below a root folder, one a module: `<root>/<tenantId>/<moduleId>.git`. */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, open, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseRepository } from "./names.ts";
import { runGit } from "./run-git.ts";

/**
 * Highest precedence in git: bytes go in and out as they are, whatever `.gitattributes` of the module says,
 * because what is approved is bytes.
 */
const attributes = "* -text -filter -ident -working-tree-encoding\n";

export interface Repository {
  name: string;
  gitDir: string;
}

export function locate(root: string, repository: string): Repository {
  const { tenantId, moduleId } = parseRepository(repository);
  return { name: repository, gitDir: join(root, tenantId, `${moduleId}.git`) };
}

export function exists(repository: Repository): boolean {
  return existsSync(join(repository.gitDir, "HEAD"));
}

/** Makes the repository where it is not there: whole under another name first, so that a kill leaves none half made. */
export async function ensureRepository(root: string, name: string): Promise<Repository> {
  const repository = locate(root, name);
  if (exists(repository)) return repository;
  // A thousand first commits at once make it once.
  const making = beingMade.get(repository.gitDir) ?? makeRepository(root, repository);
  beingMade.set(repository.gitDir, making);
  await making.finally(() => beingMade.delete(repository.gitDir));
  return repository;
}

const beingMade = new Map<string, Promise<void>>();

async function makeRepository(root: string, repository: Repository): Promise<void> {
  const staged = await stagingFolder(root);
  const gitDir = join(staged, "repository.git");
  const form = ["--bare", "--quiet", "--initial-branch=main", "--object-format=sha1", "--template="];
  await runGit(["init", ...form, "--", gitDir]);
  await mkdir(join(gitDir, "info"), { recursive: true });
  await writeFile(join(gitDir, "info", "attributes"), attributes);
  for (const file of ["HEAD", "config", "info/attributes"]) await flush(join(gitDir, file));
  await mkdir(join(repository.gitDir, ".."), { recursive: true });
  await rename(gitDir, repository.gitDir).catch(async (error: NodeJS.ErrnoException) => {
    const madeMeanwhile = error.code === "ENOTEMPTY" || error.code === "EEXIST";
    if (!madeMeanwhile || !exists(repository)) throw error;
  });
  await rm(staged, { recursive: true, force: true });
}

/** A folder of this call alone, on the same disk as the repositories. */
export async function withScratch<T>(root: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await stagingFolder(root);
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Below the root of all repositories. */
export const scratchFolder = ".scratch";

async function stagingFolder(root: string): Promise<string> {
  const parent = join(root, scratchFolder);
  await mkdir(parent, { recursive: true });
  return await mkdtemp(join(parent, "call-"));
}

async function flush(path: string): Promise<void> {
  const file = await open(path, "r+");
  await file.sync().finally(() => file.close());
}
