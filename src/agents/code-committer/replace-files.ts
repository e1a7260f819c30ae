/** Changes single text files of a tree: the port merges trees, and a merge of one file is a change of one file. */
import type { SourceControl } from "../../ports/source-control.ts";

/** Path to the new text, or undefined for a file that is to go. */
export type Replacements = Record<string, string | undefined>;

export async function replaceFiles(
  sourceControl: SourceControl,
  place: { repository: string; tree: string },
  replacements: Replacements,
): Promise<string> {
  const { repository, tree } = place;
  const before = await sourceControl.readFiles(repository, tree, Object.keys(replacements));
  const write = (files: Replacements) =>
    sourceControl.writeTree(
      repository,
      Object.entries(files).flatMap(([path, content]) => (content === undefined ? [] : [{ path, content }])),
    );
  const [base, theirs] = [await write(before), await write(replacements)];
  const result = await sourceControl.combine({ repository, base, ours: tree, theirs });
  if (result.status === "combined") return result.tree;
  throw new Error(`${Object.keys(replacements).join(", ")} of ${tree} cannot be replaced`);
}
