/** A file of checkpoints: signed notes one after the other, an empty line after each, only ever longer. */
import { parseCheckpoint, type SignedCheckpoint } from "./checkpoint.ts";

export interface CheckpointFile {
  /** In order of the file. */
  checkpoints: SignedCheckpoint[];
  /** What stands after the last whole note: a note that was not written to its end, or something strange. */
  rest: string;
}

export function entryOf({ note }: SignedCheckpoint): string {
  return `${note}\n`;
}

const entryForm = /[^\n]+\n\d+\n[^\n]+\n\n(?:— [^\n]+\n)+\n/y;

export function readCheckpointFile(text: string): CheckpointFile {
  const checkpoints: SignedCheckpoint[] = [];
  entryForm.lastIndex = 0;
  let end = 0;
  for (let found = entryForm.exec(text); found !== null; found = entryForm.exec(text)) {
    const checkpoint = parseCheckpoint(found[0].slice(0, -1));
    if (checkpoint === undefined) break;
    checkpoints.push(checkpoint);
    end = entryForm.lastIndex;
  }
  return { checkpoints, rest: text.slice(end) };
}

/** The last whole one of a log in the end of its file, however many entries that end was cut from. */
export function lastCheckpoint(
  tail: string,
  origin: string,
): { checkpoint?: SignedCheckpoint; rest: string } {
  for (let at = entryStart(tail, origin, 0); at >= 0; at = entryStart(tail, origin, at + 1)) {
    const { checkpoints, rest } = readCheckpointFile(tail.slice(at));
    const checkpoint = checkpoints.at(-1);
    if (checkpoint !== undefined) return { checkpoint, rest };
  }
  return { rest: tail };
}

function entryStart(tail: string, origin: string, from: number): number {
  const line = `${origin}\n`;
  if (from === 0 && tail.startsWith(line)) return 0;
  const at = tail.indexOf(`\n${line}`, Math.max(from - 1, 0));
  return at < 0 ? -1 : at + 1;
}
