/** What changed between two texts, or as a patch says it: file by file, hunk by hunk, row by row. */
import { parsePatch, type StructuredPatch, structuredPatch } from "diff";

export interface DiffFile {
  /** Of the file as it is afterwards; before, where it was taken away. */
  name: string;
  /** Where it was renamed. */
  from?: string;
  change: "added" | "removed" | "renamed" | "changed";
  binary: boolean;
  hunks: DiffHunk[];
  added: number;
  removed: number;
}

export interface DiffHunk {
  /** `@@ -1,4 +1,6 @@` without the marks. */
  at: string;
  rows: DiffRow[];
}

export interface DiffRow {
  kind: "added" | "removed" | "same";
  text: string;
  /** Number of the line before and afterwards. */
  before?: number;
  after?: number;
}

export function filesOfPatch(patch: string): DiffFile[] {
  return parsePatch(patch).map(fileOf);
}

/** Nothing where both are the same. */
export function filesOfTexts(name: string, before: string, after: string): DiffFile[] {
  if (before === after) return [];
  const patch = structuredPatch(name, name, before, after, undefined, undefined, {
    context: 3,
    timeout: 2_000,
  });
  return patch === undefined ? [replaced(name, before, after)] : [fileOf(patch)];
}

function fileOf({ oldFileName = "", newFileName = "", hunks, ...git }: StructuredPatch): DiffFile {
  const before = nameIn(oldFileName);
  const after = nameIn(newFileName);
  const made = hunks.map((hunk) => ({
    at: `-${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines}`,
    rows: rowsOf(hunk.lines, hunk.oldStart, hunk.newStart),
  }));
  const rows = made.flatMap((hunk) => hunk.rows);
  const renamed = before !== undefined && after !== undefined && before !== after;
  return {
    name: after ?? before ?? "",
    ...(renamed && { from: before }),
    change: changeOf({ before, after, ...git }),
    binary: git.isBinary === true,
    hunks: made,
    added: rows.filter(({ kind }) => kind === "added").length,
    removed: rows.filter(({ kind }) => kind === "removed").length,
  };
}

function changeOf(file: {
  before: string | undefined;
  after: string | undefined;
  isCreate?: boolean;
  isDelete?: boolean;
}): DiffFile["change"] {
  const { before, after } = file;
  if (file.isCreate === true || before === undefined) return "added";
  if (file.isDelete === true || after === undefined) return "removed";
  return before === after ? "changed" : "renamed";
}

function nameIn(name: string): string | undefined {
  return name === "/dev/null" || name === "" ? undefined : name.replace(/^[ab]\//, "");
}

function rowsOf(lines: string[], oldStart: number, newStart: number): DiffRow[] {
  let before = oldStart;
  let after = newStart;
  const rows: DiffRow[] = [];
  for (const line of lines) {
    const text = line.slice(1);
    if (line.startsWith("+")) rows.push({ kind: "added", text, after: after++ });
    else if (line.startsWith("-")) rows.push({ kind: "removed", text, before: before++ });
    else if (!line.startsWith("\\")) rows.push({ kind: "same", text, before: before++, after: after++ });
  }
  return rows;
}

/** Where telling the difference would take too long. */
function replaced(name: string, before: string, after: string): DiffFile {
  const gone = before.split("\n").map((text, at): DiffRow => ({ kind: "removed", text, before: at + 1 }));
  const come = after.split("\n").map((text, at): DiffRow => ({ kind: "added", text, after: at + 1 }));
  return {
    name,
    change: "changed",
    binary: false,
    hunks: [{ at: `-1,${gone.length} +1,${come.length}`, rows: [...gone, ...come] }],
    added: come.length,
    removed: gone.length,
  };
}
