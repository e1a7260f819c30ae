/** What the last generation wrote, before any hand touched it: the base of a three-way merge. */
import { isGenerated } from "../../../domain/pipeline/generated-mark.ts";
import type { RenderedFile } from "../../../domain/pipeline/pipeline-model.ts";
import type { SourceControl } from "../../../ports/source-control.ts";

/** Name the tree of generated files, and the module, in the commit that brought them and in its merge. */
const treeTrailer = "Generated-Tree";
const moduleTrailer = "Generated-For";

export function generationTrailers(moduleId: string, generatedTree: string): Record<string, string> {
  return { [moduleTrailer]: moduleId, [treeTrailer]: generatedTree };
}

export interface Place {
  repository: string;
  moduleId: string;
  /** Where the last generation is looked for. */
  history: string;
}

/** Undefined where this module was never generated for, as far as its history tells. */
export async function previousGeneration(
  sourceControl: SourceControl,
  { repository, moduleId, history }: Place,
): Promise<RenderedFile[] | undefined> {
  const where = { [moduleTrailer]: moduleId };
  if ((await sourceControl.tip(repository, history)) === undefined) return undefined;
  const [newest] = await sourceControl.log({ repository, to: history, where, limit: 1 });
  const tree = newest?.trailers[treeTrailer];
  if (tree === undefined) return undefined;
  const paths = await sourceControl.listFiles(repository, tree);
  const texts = await sourceControl.readFiles(repository, tree, paths);
  return Object.entries(texts).map(([path, content]) => ({ path, content }));
}

/** Without a record, a file that carries our mark is taken for what the last generation wrote. */
export function unrecorded(there: Record<string, string>): RenderedFile[] {
  return Object.entries(there)
    .filter(([, content]) => isGenerated(content))
    .map(([path, content]) => ({ path, content }));
}
