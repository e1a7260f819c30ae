/** A difference as git prints it, cut where it would be more than a person or a message can hold. */
import type { SourceControl } from "../../../ports/source-control.ts";
import { checkPath } from "./names.ts";
import { emptyTree } from "./objects.ts";
import type { Repository } from "./repository.ts";
import { runGit } from "./run-git.ts";
import { treeOf } from "./subtree.ts";

type PatchRequest = Parameters<SourceControl["patch"]>[0];

const mostBytes = 64 * 1_048_576;

export async function patch(repository: Repository, request: PatchRequest): Promise<string> {
  const { base, head, paths = [], maxBytes = mostBytes } = request;
  const from = base === undefined ? emptyTree : await treeOf(repository, base);
  const to = await treeOf(repository, head);
  const { stdout } = await runGit(["diff-tree", "-r", "-p", "-M", from, to, "--", ...paths.map(checkPath)], {
    gitDir: repository.gitDir,
    env: { GIT_LITERAL_PATHSPECS: "1" },
    mostOutputBytes: maxBytes + 1,
  });
  if (stdout.length <= maxBytes) return stdout.toString("utf8");
  return stdout.toString("utf8", 0, stdout.lastIndexOf("\n", maxBytes - 1) + 1);
}
