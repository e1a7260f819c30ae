/** The tree of a folder inside a commit or tree. */
import { refuse } from "../../../domain/refusal.ts";
import { checkPath, revision } from "./names.ts";
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
  const { gitDir } = repository;
  const args = ["rev-parse", "--quiet", "--verify", "--end-of-options", `${revision(treeish)}^{tree}`];
  const { exitCode, stdout } = await runGit(args, { gitDir, accept: [1, 128] });
  if (exitCode === 0) return stdout.toString("utf8").trim();
  throw refuse("NotFound", `${repository.name} has no branch, commit or tree ${treeish}.`);
}
