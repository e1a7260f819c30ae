/** Lays newly generated files over a tree; where a hand changed the same lines, the hand's text stays. */
import type { RenderedFile } from "../../../domain/pipeline/pipeline-model.ts";
import type { SourceControl } from "../../../ports/source-control.ts";

export interface Laying {
  repository: string;
  over: string;
  /** What was generated before, untouched. */
  before: RenderedFile[];
  next: RenderedFile[];
}

export interface Laid {
  tree: string;
  /** It is the tree that was laid over. */
  isAsBefore: boolean;
  /** The marked text of each file that stayed as it was because of a conflict. */
  conflicts: Map<string, string>;
}

export async function layOver(sourceControl: SourceControl, laying: Laying): Promise<Laid> {
  const { repository, over } = laying;
  const ours = await sourceControl.subtree(repository, over, "");
  if (ours === undefined) throw new Error(`${over} of ${repository} has no tree`);
  const [base, theirs] = await Promise.all([
    sourceControl.writeTree(repository, laying.before),
    sourceControl.writeTree(repository, laying.next),
  ]);
  const result = await sourceControl.combine({ repository, base, ours, theirs });
  if (result.status === "combined")
    return { tree: result.tree, isAsBefore: result.tree === ours, conflicts: new Map() };
  const conflicts = new Map(result.files.map(({ path, marked }) => [path, marked ?? ""]));
  const without = (files: RenderedFile[]) => files.filter(({ path }) => !conflicts.has(path));
  // A conflict inside a folder is named by another path than was given: then nothing would be left out, for ever.
  const fewer =
    without(laying.next).length < laying.next.length || without(laying.before).length < laying.before.length;
  if (!fewer)
    throw new Error(`conflicts that no generated file explains: ${[...conflicts.keys()].join(", ")}`);
  const rest = await layOver(sourceControl, {
    repository,
    over,
    before: without(laying.before),
    next: without(laying.next),
  });
  return { ...rest, conflicts: new Map([...conflicts, ...rest.conflicts]) };
}
