/** Makes a tree from another one: paths taken away, one folder replaced, files laid over it. */
import { checkPath } from "./names.ts";
import { draftObjects, type ObjectDraft } from "./object-store.ts";
import { emptyTree, gitObject, type TreeEntry, treeMode, treeObject } from "./objects.ts";
import { keep } from "./refs.ts";
import { ensureRepository } from "./repository.ts";

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

export async function editTree(draft: ObjectDraft, edit: TreeEdit): Promise<string> {
  const plan = folderPlan(false);
  for (const path of edit.remove ?? []) place(plan, path, undefined);
  if (edit.folder !== undefined) place(plan, edit.folder.path, { mode: treeMode, id: edit.folder.tree });
  for (const { path, content, executable } of edit.files ?? []) {
    const id = draft.add(gitObject("blob", Buffer.from(content, "utf8")));
    place(plan, path, { mode: executable === true ? "100755" : "100644", id });
  }
  return await carryOut(draft, edit.base, plan);
}

/** A tree of exactly these files, kept against garbage collection. */
export async function writeTree(root: string, name: string, files: TreeFile[]): Promise<string> {
  const repository = await ensureRepository(root, name);
  const draft = draftObjects(repository);
  const tree = await editTree(draft, { base: undefined, files });
  await draft.store();
  await keep(repository, tree);
  return tree;
}

type Leaf = Pick<TreeEntry, "mode" | "id">;

/** What happens in a folder, by name; undefined: it goes. */
interface FolderPlan {
  /** True: nothing of what was there stays. */
  fresh: boolean;
  changes: Map<string, Leaf | FolderPlan | undefined>;
}

function folderPlan(fresh: boolean): FolderPlan {
  return { fresh, changes: new Map() };
}

function place(plan: FolderPlan, path: string, leaf: Leaf | undefined): void {
  const parts = Buffer.from(checkPath(path), "utf8").toString("latin1").split("/");
  const last = parts.pop() ?? "";
  let at = plan;
  for (const part of parts) {
    const known = at.changes.get(part);
    const gone = at.changes.has(part) && (known === undefined || "id" in known);
    const next = known !== undefined && "changes" in known ? known : folderPlan(at.fresh || gone);
    at.changes.set(part, next);
    at = next;
  }
  at.changes.set(last, leaf);
}

async function carryOut(draft: ObjectDraft, base: string | undefined, plan: FolderPlan): Promise<string> {
  const there = base === undefined || base === emptyTree || plan.fresh ? [] : await draft.readTree(base);
  const entries = new Map(there.map((entry) => [entry.name, entry]));
  for (const [name, change] of plan.changes) {
    const before = entries.get(name);
    const after = change !== undefined && "changes" in change ? await inside(draft, before, change) : change;
    if (after === undefined || after.id === emptyTree) entries.delete(name);
    else entries.set(name, { ...after, name });
  }
  return draft.add(treeObject(entries.values()));
}

async function inside(
  draft: ObjectDraft,
  before: TreeEntry | undefined,
  plan: FolderPlan,
): Promise<Leaf | undefined> {
  const folder = before?.mode === treeMode ? before.id : undefined;
  const id = await carryOut(draft, folder, plan);
  // To take `a/b` away changes nothing where `a` is a file.
  if (id === emptyTree && folder === undefined) return before;
  return { mode: treeMode, id };
}
