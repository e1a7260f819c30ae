/**
 * Name the tree of generated files, and the module, in the commit that brought them: the base of the next three-way
 * merge. A squash makes one commit of many, so a pull request's merge carries them on.
 */
import type { LoggedCommit, SourceControl } from "../ports/source-control.ts";

const treeTrailer = "Generated-Tree";
const moduleTrailer = "Generated-For";

export function generationTrailers(moduleId: string, generatedTree: string): Record<string, string> {
  return { [moduleTrailer]: moduleId, [treeTrailer]: generatedTree };
}

/** The newest generation for the module in the history that leads to `to`; undefined where there is none. */
export async function newestGeneration(
  sourceControl: Pick<SourceControl, "log">,
  range: { repository: string; moduleId: string; from?: string; to: string },
): Promise<string | undefined> {
  const { moduleId, ...rest } = range;
  const where = { [moduleTrailer]: moduleId };
  const [newest]: LoggedCommit[] = await sourceControl.log({ ...rest, where, limit: 1 });
  return newest?.trailers[treeTrailer];
}
