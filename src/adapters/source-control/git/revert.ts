/** The reverse of a commit as a commit: what it changed is taken back, what came after stays. */
import { refuse } from "../../../domain/refusal.ts";
import type { SourceControl } from "../../../ports/source-control.ts";
import { combineTrees, emptyTreeIn } from "./combine.ts";
import { commit } from "./commit.ts";
import { type CommitInfo, findByInvocation, readCommit } from "./history.ts";
import { ensureRepository, type Repository } from "./repository.ts";

type RevertRequest = Parameters<SourceControl["revert"]>[0];
type RevertResult = Awaited<ReturnType<SourceControl["revert"]>>;

export async function revert(root: string, request: RevertRequest): Promise<RevertResult> {
  const { commit: reverted, ...rest } = request;
  const repository = await ensureRepository(root, request.repository);
  const tip = await readCommit(repository, request.branch);
  const onto = tip ?? (await readCommit(repository, request.base));
  if (onto === undefined)
    throw refuse("NotFound", `${request.repository} has no branch ${request.base} to revert ${reverted} on.`);
  const earlier = tip && (await findByInvocation(repository, tip.commit, request.invocationId));
  // Found again by the commit itself, whatever the content: nothing is computed twice.
  const reversed = earlier ?? (await reverse(repository, reverted, onto));
  if ("paths" in reversed) return { status: "conflict", paths: reversed.paths };
  return { status: "reverted", commit: await commit(root, { ...rest, content: { tree: reversed.tree } }) };
}

async function reverse(
  repository: Repository,
  id: string,
  onto: CommitInfo,
): Promise<{ tree: string } | { paths: string[] }> {
  const reverted = await readCommit(repository, id);
  if (reverted === undefined) throw refuse("NotFound", `${repository.name} has no commit ${id} to revert.`);
  const [parent] = reverted.parents;
  const before = parent === undefined ? undefined : await readCommit(repository, parent);
  const theirs = before?.tree ?? (await emptyTreeIn(repository));
  const combined = await combineTrees(repository, { base: reverted.tree, ours: onto.tree, theirs });
  if (combined.status === "combined") return { tree: combined.tree };
  return { paths: combined.files.map(({ path }) => path) };
}
