/**
 * Commits on a branch. Calls for one branch that wait at the same time are made one after the other in memory, stored
 * as one pack and landed by one move of the branch; each is a commit of its own. Where somebody else moved the
 * branch, all of them are made again on the new tip.
 */
import { refuse } from "../../../domain/refusal.ts";
import type {
  Commit,
  CommitOntoRequest,
  CommitOntoResult,
  CommitRequest,
} from "../../../ports/source-control.ts";
import { commitBody, commitMessage, identity } from "./commit-message.ts";
import { editTree } from "./edit-tree.ts";
import { type CommitInfo, findByInvocation, readCommit } from "./history.ts";
import { remember } from "./invocations.ts";
import { isAsMadeFor } from "./made-for.ts";
import { branchRef, checkPath, isObjectId } from "./names.ts";
import { readObject } from "./object-reader.ts";
import { draftObjects, type ObjectDraft } from "./object-store.ts";
import { emptyTree, gitObject } from "./objects.ts";
import { moveRef, untilLanded } from "./refs.ts";
import { ensureRepository, type Repository } from "./repository.ts";
import { startOfBranch } from "./start-of-branch.ts";
import { inTurns } from "./turns.ts";
import { writeCommit } from "./write-commit.ts";

/** So many calls land together at most: a move that loses its race is made again. */
const mostTogether = 256;

interface Asked {
  request: CommitRequest & Partial<Pick<CommitOntoRequest, "onto">>;
  message: string;
}

export async function commit(root: string, request: CommitRequest): Promise<Commit> {
  const made = await commitOnto(root, request);
  if (made.status === "committed") return made.commit;
  throw new Error(`${request.branch} moved, and nothing was asked about that`);
}

export async function commitOnto(root: string, request: Asked["request"]): Promise<CommitOntoResult> {
  const ref = branchRef(request.branch);
  const message = commitMessage(request);
  checkRequest(request);
  const repository = await ensureRepository(root, request.repository);
  const together = inTurns<Asked, CommitOntoResult>(`${repository.gitDir}\0${ref}`, mostTogether, (asked) =>
    untilLanded(ref, () => land(repository, ref, asked)),
  );
  return await together({ request, message });
}

/** Undefined where the branch moved meanwhile. A call that is refused takes nobody with it. */
async function land(
  repository: Repository,
  ref: string,
  asked: Asked[],
): Promise<PromiseSettledResult<CommitOntoResult>[] | undefined> {
  const tip = await readCommit(repository, ref.slice("refs/heads/".length));
  const draft = draftObjects(repository);
  const made = new Map<string, CommitInfo>();
  const answers: PromiseSettledResult<CommitOntoResult>[] = [];
  let current = tip;
  for (const one of asked) {
    const { branch, invocationId } = one.request;
    try {
      const earlier =
        made.get(invocationId) ?? (tip && (await findByInvocation(repository, tip.commit, invocationId)));
      if (earlier === undefined && !(await isAsMadeFor(draft, current, one.request))) {
        answers.push({ status: "fulfilled", value: { status: "moved", tip: current?.commit } });
        continue;
      }
      const { changed, ...next } = earlier
        ? { ...earlier, changed: true }
        : await makeNext(draft, current, one);
      if (earlier === undefined) current = next;
      if (changed) made.set(invocationId, next);
      const commit = { ...next, branch, changed };
      answers.push({ status: "fulfilled", value: { status: "committed", commit } });
    } catch (reason) {
      answers.push({ status: "rejected", reason });
    }
  }
  if (current === undefined || current.commit === tip?.commit) return answers;
  await draft.store();
  return (await moveRef(repository, { ref, from: tip?.commit, to: current.commit })) ? answers : undefined;
}

/** The commit, or what it would be made on where nothing changed. */
async function makeNext(
  draft: ObjectDraft,
  current: CommitInfo | undefined,
  asked: Asked,
): Promise<CommitInfo & { changed: boolean }> {
  const { repository } = draft;
  const { request, message } = asked;
  const start = current ?? (await startOfBranch(repository, request));
  const tree = await contentTree(draft, start?.tree, request.content);
  if (start !== undefined && start.tree === tree) return { ...start, changed: false };
  const parents = start === undefined ? [] : [start.commit];
  const { author, committer = author, at, signWith } = request;
  const plan = { tree, parents, author, committer, at, message };
  const id = await writeNext(draft, plan, signWith);
  remember(repository, { commit: id, parent: parents[0], invocations: [request.invocationId] });
  return { commit: id, tree, parents, subject: request.subject, changed: true };
}

async function writeNext(
  draft: ObjectDraft,
  plan: Parameters<typeof commitBody>[0],
  signWith: CommitRequest["signWith"],
): Promise<string> {
  if (signWith === undefined) return draft.add(gitObject("commit", commitBody(plan)));
  // git signs what is stored.
  await draft.store();
  return await writeCommit(draft.repository, { ...plan, signWith });
}

/** What is wrong with a request alone is said before anything is made. */
function checkRequest({ content, author, committer = author, at, onto }: Asked["request"]): void {
  if (onto?.folder !== undefined && onto.folder !== "") checkPath(onto.folder);
  identity(author, at);
  identity(committer, at);
  if ("tree" in content) {
    if (content.folder !== undefined && content.folder !== "") checkPath(content.folder);
    return;
  }
  for (const { path } of content.files) checkPath(path);
  for (const path of content.remove ?? []) checkPath(path);
}

async function contentTree(
  draft: ObjectDraft,
  base: string | undefined,
  content: CommitRequest["content"],
): Promise<string> {
  if (!("tree" in content)) return await editTree(draft, { base, ...content });
  const tree = await existingTree(draft, content.tree);
  if (content.folder === undefined || content.folder === "") return tree;
  return await editTree(draft, { base, folder: { path: content.folder, tree } });
}

async function existingTree({ repository }: ObjectDraft, tree: string): Promise<string> {
  const found = isObjectId(tree) ? await readObject(repository, tree) : undefined;
  if (found?.type === "tree" || tree === emptyTree) return tree;
  throw refuse(
    "NotFound",
    `${repository.name} holds no tree ${tree}; expected one that was imported into it.`,
    "Hand the module over again.",
  );
}
