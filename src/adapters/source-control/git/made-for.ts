/** Whether what a commit's content was made for is there unchanged: what came in between is never overwritten. */
import type { CommitOntoRequest, CommitRequest } from "../../../ports/source-control.ts";
import { type CommitInfo, readCommit } from "./history.ts";
import type { ObjectDraft } from "./object-store.ts";
import { emptyTree, treeMode } from "./objects.ts";
import { treeOf } from "./subtree.ts";

/** `current`: what the commit would be made on; undefined: its branch is not there and starts at its base. */
export async function isAsMadeFor(
  draft: ObjectDraft,
  current: CommitInfo | undefined,
  request: CommitRequest & Partial<Pick<CommitOntoRequest, "onto">>,
): Promise<boolean> {
  const { onto, branch, base, content } = request;
  if (onto === undefined) return true;
  const { repository } = draft;
  const start = current ?? (branch === base ? undefined : await readCommit(repository, base));
  const now = start?.tree ?? emptyTree;
  const then = onto.commit === undefined ? emptyTree : await treeOf(repository, onto.commit);
  for (const path of [onto.folder ?? "", ...replacedBy(content)])
    if ((await whatIsAt(draft, now, path)) !== (await whatIsAt(draft, then, path))) return false;
  return true;
}

function replacedBy(content: CommitRequest["content"]): string[] {
  if ("tree" in content) return [content.folder ?? ""];
  return [...content.files.map(({ path }) => path), ...(content.remove ?? [])];
}

/** Also a file in the place of a folder above it is what would be replaced. */
async function whatIsAt(draft: ObjectDraft, tree: string, path: string): Promise<string> {
  let at = { mode: treeMode, id: tree };
  const parts = path === "" ? [] : Buffer.from(path, "utf8").toString("latin1").split("/");
  for (const part of parts) {
    if (at.mode !== treeMode) break;
    const entries = at.id === emptyTree ? [] : await draft.readTree(at.id);
    const next = entries.find(({ name }) => name === part);
    if (next === undefined) return "nothing";
    at = next;
  }
  return `${at.mode} ${at.id}`;
}
