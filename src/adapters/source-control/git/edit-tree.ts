/** Makes a tree from another one: files laid over it, paths taken away, or one folder replaced. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { checkPath } from "./names.ts";
import { keep } from "./refs.ts";
import { ensureRepository, type Repository, withScratch } from "./repository.ts";
import { askGit, type GitOptions, runGit } from "./run-git.ts";

export interface TreeFile {
  path: string;
  content: string;
  executable?: boolean;
}

export interface TreeEdit {
  /** Absent: the empty tree. */
  base: string | undefined;
  files?: TreeFile[];
  /** Files or folders; what is not there is no mistake. */
  remove?: string[];
  /** This tree in the place of whatever is at the path. */
  folder?: { path: string; tree: string };
}

export async function editTree(root: string, repository: Repository, edit: TreeEdit): Promise<string> {
  return await withScratch(root, async (scratch) => {
    const workTree = join(scratch, "files");
    const options = { gitDir: repository.gitDir, workTree, indexFile: join(scratch, "index") };
    await mkdir(workTree);
    if (edit.base !== undefined) await runGit(["read-tree", edit.base], options);
    const gone = [...(edit.remove ?? []), ...(edit.folder === undefined ? [] : [edit.folder.path])];
    if (gone.length > 0) await takeAway(gone.map(checkPath), options);
    if (edit.folder !== undefined)
      await runGit(["read-tree", `--prefix=${edit.folder.path}/`, edit.folder.tree], options);
    await layOver(edit.files ?? [], options);
    return await askGit(["write-tree"], options);
  });
}

/** A tree of exactly these files, kept against garbage collection. */
export async function writeTree(root: string, name: string, files: TreeFile[]): Promise<string> {
  const repository = await ensureRepository(root, name);
  const tree = await editTree(root, repository, { base: undefined, files });
  await keep(repository, tree);
  return tree;
}

async function takeAway(paths: string[], options: GitOptions): Promise<void> {
  const env = { GIT_LITERAL_PATHSPECS: "1" };
  const { stdout } = await runGit(["ls-files", "-z", "--cached", "--", ...paths], { ...options, env });
  await runGit(["update-index", "--force-remove", "-z", "--stdin"], { ...options, input: stdout });
}

async function layOver(files: TreeFile[], options: GitOptions & { workTree: string }): Promise<void> {
  if (files.length === 0) return;
  for (const file of files) {
    const path = join(options.workTree, checkPath(file.path));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, file.content, { mode: file.executable === true ? 0o755 : 0o644 });
  }
  const input = files.map((file) => `${file.path}\0`).join("");
  await runGit(["update-index", "--add", "--replace", "-z", "--stdin"], { ...options, input });
}
