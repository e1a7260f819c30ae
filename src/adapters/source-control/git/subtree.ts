/** The tree of a folder inside a commit or tree. */
import { refuse } from "../../../domain/refusal.ts";
import { checkPath, revision } from "./names.ts";
import { readObject } from "./object-reader.ts";
import { parseCommit } from "./objects.ts";
import type { Repository } from "./repository.ts";
import { runGit } from "./run-git.ts";

export async function subtree(
  repository: Repository,
  treeish: string,
  folder: string,
): Promise<string | undefined> {
  const tree = await treeOf(repository, treeish);
  if (folder === "") return tree;
  const args = ["ls-tree", "-d", "-z", "--full-tree", tree, "--", checkPath(folder)];
  const { stdout } = await runGit(args, { gitDir: repository.gitDir });
  // `<mode> SP <type> SP <object> TAB <path>`; a submodule has the type `commit`.
  const [, type, object] = /^\d+ (\w+) ([0-9a-f]+)\t/.exec(stdout.toString("utf8")) ?? [];
  return type === "tree" ? object : undefined;
}

/** The tree of a branch, commit or tree; refuses with NotFound what is not there. */
export async function treeOf(repository: Repository, treeish: string): Promise<string> {
  const found = await readObject(repository, revision(treeish));
  if (found?.type === "tree") return found.id;
  if (found?.type === "commit") return parseCommit(found.body).tree;
  throw refuse("NotFound", `${repository.name} has no branch, commit or tree ${treeish}.`);
}
