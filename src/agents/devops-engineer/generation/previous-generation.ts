/** What the last generation wrote, before any hand touched it: the base of a three-way merge. */
import { isGenerated } from "../../../domain/pipeline/generated-mark.ts";
import type { RenderedFile } from "../../../domain/pipeline/pipeline-model.ts";
import type { SourceControl } from "../../../ports/source-control.ts";
import { newestGeneration } from "../../generation-trailers.ts";

export interface Place {
  repository: string;
  moduleId: string;
  /** Where the last generation is looked for. */
  history: string;
}

/** Its tree; undefined where this module was never generated for, as far as its history tells. */
export async function previousTree(
  sourceControl: SourceControl,
  { repository, moduleId, history }: Place,
): Promise<string | undefined> {
  if ((await sourceControl.tip(repository, history)) === undefined) return undefined;
  return await newestGeneration(sourceControl, { repository, moduleId, to: history });
}

export async function filesIn(
  sourceControl: SourceControl,
  repository: string,
  tree: string,
): Promise<RenderedFile[]> {
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
