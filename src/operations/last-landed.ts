/** What the target branch says of a module: the version that landed last, and what was handed over for it. */
import semver from "semver";
import type { SourceControl } from "../ports/source-control.ts";

export interface LastLanded {
  /** Undefined where the commit names none. */
  version: string | undefined;
  /** The tree that was handed over, before anything was generated. */
  sourceTree: string;
  /** It was adopted with a pipeline of its own, and keeps it until its module.yaml says otherwise. */
  adopted: boolean;
}

export async function lastLanded(
  sourceControl: SourceControl,
  { repository, to, moduleId }: { repository: string; to: string; moduleId: string },
): Promise<LastLanded | undefined> {
  const where = { "Module-Id": moduleId };
  const whereThere = ["Source-Tree"];
  const [newest] = await sourceControl.log({ repository, to, where, whereThere, limit: 1 });
  const sourceTree = newest?.trailers["Source-Tree"];
  if (sourceTree === undefined) return undefined;
  const adopted = newest?.trailers.Pipeline === "own";
  return { version: semver.valid(newest?.trailers.Version) ?? undefined, sourceTree, adopted };
}
