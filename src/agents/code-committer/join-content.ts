/**
 * Lays what was handed over upon what is there, as a three-way merge: what people and generators changed on the
 * branch since the last hand-over stays. Nothing is ever overwritten: where both changed the same lines, it says so.
 */
import { joinChangelogs } from "../../domain/commit/changelog.ts";
import { sideOf } from "../../domain/commit/conflict-markers.ts";
import type { HandOver } from "../../domain/delivery/hand-over.ts";
import type { CombineResult, ConflictedFile, SourceControl } from "../../ports/source-control.ts";
import { replaceFiles } from "./replace-files.ts";
import type { Point } from "./starting-point.ts";

export type Joined =
  | {
      status: "joined";
      tree: string;
      how: "new" | "same" | "merged" | "adopted" | "taken";
      resolved: string[];
    }
  | { status: "conflict"; files: ConflictedFile[]; hadBase: boolean };

interface Sides {
  repository: string;
  base: string | undefined;
  ours: string;
  theirs: string;
}

const changelogFile = "CHANGELOG.md";

export async function joinContent(
  sourceControl: SourceControl,
  handOver: HandOver,
  start: Point,
): Promise<Joined> {
  const { repository, source, adopted, take } = handOver;
  const theirs = source.tree;
  const ours = start.content;
  if (ours === undefined) return { status: "joined", tree: theirs, how: "new", resolved: [] };
  if (ours === theirs) return { status: "joined", tree: ours, how: "same", resolved: [] };
  // An adopted service is as it was handed over; what lay there before it stays in the history.
  if (adopted === true && start.recorded === undefined)
    return { status: "joined", tree: theirs, how: "adopted", resolved: [] };
  // A revert takes away what its release was handed over for; anything else goes on from the last hand-over.
  const base = handOver.reverts?.tree ?? start.recorded?.sourceTree;
  const sides = { repository, base, ours, theirs };
  const plain =
    handOver.reverts === undefined
      ? await withChangelog(sourceControl, sides, await sourceControl.combine(defined(sides)))
      : await keepingChangelog(sourceControl, sides);
  if (plain.status === "combined")
    return { status: "joined", tree: plain.tree, how: plain.tree === ours ? "same" : "merged", resolved: [] };
  const taken =
    take === undefined ? undefined : await takeSide(sourceControl, sides, { files: plain.files, take });
  if (taken !== undefined)
    return { status: "joined", tree: taken, how: "taken", resolved: plain.files.map(({ path }) => path) };
  return { status: "conflict", files: plain.files, hadBase: base !== undefined };
}

/** Sections of a changelog that both sides wrote do not contradict each other. */
async function withChangelog(
  sourceControl: SourceControl,
  sides: Sides,
  result: CombineResult,
): Promise<CombineResult> {
  if (result.status === "combined" || !result.files.some(({ path }) => path === changelogFile)) return result;
  const { repository } = sides;
  const [here, there] = await Promise.all(
    [sides.ours, sides.theirs].map((tree) => sourceControl.readFiles(repository, tree, [changelogFile])),
  );
  const [ours, theirs] = [here?.[changelogFile], there?.[changelogFile]];
  const joined = ours === undefined || theirs === undefined ? undefined : joinChangelogs(ours, theirs);
  if (joined === undefined) return result;
  return await combineWith(sourceControl, sides, { [changelogFile]: joined });
}

/** A version that is taken back was released all the same: its section stays. */
async function keepingChangelog(sourceControl: SourceControl, sides: Sides): Promise<CombineResult> {
  const here = await sourceControl.readFiles(sides.repository, sides.ours, [changelogFile]);
  return await combineWith(sourceControl, sides, { [changelogFile]: here[changelogFile] });
}

/** Each conflicting passage from the side that was chosen; undefined where a file has no text to choose from. */
async function takeSide(
  sourceControl: SourceControl,
  sides: Sides,
  choice: { files: ConflictedFile[]; take: NonNullable<HandOver["take"]> },
): Promise<string | undefined> {
  const { files, take } = choice;
  const replacements: Record<string, string | undefined> = {};
  const tree = take === "branch" ? sides.ours : sides.theirs;
  const there = await sourceControl.readFiles(
    sides.repository,
    tree,
    files.map(({ path }) => path),
  );
  for (const { path, marked } of files) {
    if (marked === undefined) return undefined;
    const text = sideOf(marked, take === "branch" ? "ours" : "theirs");
    replacements[path] = path in there ? text : undefined;
  }
  const result = await combineWith(sourceControl, sides, replacements);
  return result.status === "combined" ? result.tree : undefined;
}

/** The same merge with these files settled: alike on both sides, they are no conflict. */
async function combineWith(
  sourceControl: SourceControl,
  sides: Sides,
  settled: Record<string, string | undefined>,
): Promise<CombineResult> {
  const { repository } = sides;
  const ours = await replaceFiles(sourceControl, { repository, tree: sides.ours }, settled);
  const theirs = await replaceFiles(sourceControl, { repository, tree: sides.theirs }, settled);
  return await sourceControl.combine(defined({ ...sides, ours, theirs }));
}

function defined({ base, ...rest }: Sides) {
  return base === undefined ? rest : { ...rest, base };
}
