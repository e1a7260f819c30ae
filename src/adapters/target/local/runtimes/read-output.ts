/**
 * Reads an instance's output: lines, oldest first, over the files of all its launches. Holes are skipped, bytes
 * that are no UTF-8 are replaced, a line without end is cut into pieces of 64 KiB.
 */
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { outputFiles } from "./log-files.ts";

const blockBytes = 64 * 1024;
const longestLineBytes = 64 * 1024;
const followMs = 200;
const tailBytes = 8 * 1024;
const newline = 0x0a;

export interface OutputLine {
  /** When it was read; absent where it had been written before. */
  at?: string;
  line: string;
}

interface Place {
  name: string;
  offset: number;
}

/** The last lines, at most 8 KiB, whole lines where there is more; undefined where nothing was ever launched. */
export async function outputTail(folder: string): Promise<string | undefined> {
  const name = outputFiles(folder).at(-1);
  if (name === undefined) return undefined;
  const file = await open(join(folder, name), "r");
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - tailBytes);
    const text = withoutHole(await readAt(file, start, size - start)).toString("utf8");
    return start === 0 ? text : text.slice(text.indexOf("\n") + 1);
  } finally {
    await file.close();
  }
}

/** The last `tail` lines; with `follow` also what comes after them, until the signal is aborted. */
export async function* readOutput(
  folder: string,
  { tail, follow }: { tail: number; follow: boolean },
  signal: AbortSignal,
): AsyncGenerator<OutputLine> {
  let place = await findStart(folder, tail);
  for (let fresh = false; !signal.aborted; fresh = true) {
    place = yield* readOn(folder, { place, fresh, signal });
    if (!follow) return;
    await sleep(followMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Reads what there is from a place on, file after file, and returns where it came to. */
async function* readOn(
  folder: string,
  { place, fresh, signal }: { place: Place | undefined; fresh: boolean; signal: AbortSignal },
): AsyncGenerator<OutputLine, Place | undefined> {
  const names = outputFiles(folder);
  const from = place === undefined ? 0 : Math.max(0, names.indexOf(place.name));
  let reached = place;
  for (const [index, name] of names.slice(from).entries()) {
    const isLast = from + index === names.length - 1;
    const offset = name === place?.name ? place.offset : 0;
    const next = yield* readFileFrom(join(folder, name), { offset, isLast: isLast && fresh, fresh, signal });
    reached = { name, offset: next };
  }
  return reached;
}

async function* readFileFrom(
  path: string,
  { offset, isLast, fresh, signal }: { offset: number; isLast: boolean; fresh: boolean; signal: AbortSignal },
): AsyncGenerator<OutputLine, number> {
  const file = await open(path, "r").catch(() => undefined);
  if (file === undefined) return offset;
  try {
    const { size } = await file.stat();
    // Cut meanwhile: begin again.
    let at = offset > size ? 0 : offset;
    let rest = Buffer.alloc(0);
    while (at < size && !signal.aborted) {
      const read = await readAt(file, at, Math.min(blockBytes, size - at));
      if (read.length === 0) break;
      at += read.length;
      const { lines, left } = split(Buffer.concat([rest, withoutHole(read)]));
      rest = left;
      for (const line of lines) yield stamped(line, fresh);
    }
    // The last line of a file may still be being written.
    if (rest.length === 0) return at;
    if (isLast) return at - rest.length;
    yield stamped(rest, fresh);
    return at;
  } finally {
    await file.close();
  }
}

/** Goes back from the end, over the files, until there are as many lines. */
async function findStart(folder: string, tail: number): Promise<Place | undefined> {
  const names = outputFiles(folder).reverse();
  let wanted = tail;
  let first: Place | undefined;
  for (const name of names) {
    const file = await open(join(folder, name), "r").catch(() => undefined);
    if (file === undefined) continue;
    try {
      const { size } = await file.stat();
      const found = await goBack(file, size, wanted);
      first = { name, offset: found.offset };
      wanted -= found.lines;
      if (wanted <= 0) return first;
    } finally {
      await file.close();
    }
  }
  return first;
}

async function goBack(
  file: FileHandle,
  size: number,
  wanted: number,
): Promise<{ offset: number; lines: number }> {
  if (wanted <= 0) return { offset: size, lines: 0 };
  let lines = 0;
  let start = size;
  while (start > 0) {
    const from = Math.max(0, start - blockBytes);
    const block = await readAt(file, from, start - from);
    for (let index = block.length - 1; index >= 0; index -= 1) {
      // The end of the very last line ends no line before it.
      if (block[index] !== newline || from + index === size - 1) continue;
      lines += 1;
      if (lines === wanted) return { offset: from + index + 1, lines };
    }
    if (isHole(block)) return { offset: start, lines };
    // Part of a line without end, which is shown in pieces.
    if (!block.includes(newline)) lines += 1;
    if (lines >= wanted) return { offset: from, lines };
    start = from;
  }
  return { offset: 0, lines: size === 0 ? lines : lines + 1 };
}

/** Whole lines, and what is left of the last one; pieces where a line is too long. */
function split(bytes: Buffer): { lines: Buffer[]; left: Buffer<ArrayBuffer> } {
  const lines: Buffer[] = [];
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(newline, start);
    const isTooLong = (end === -1 ? bytes.length : end) - start > longestLineBytes;
    if (isTooLong) {
      lines.push(bytes.subarray(start, start + longestLineBytes));
      start += longestLineBytes;
    } else if (end === -1) {
      return { lines, left: Buffer.from(bytes.subarray(start)) };
    } else {
      lines.push(bytes.subarray(start, end));
      start = end + 1;
    }
  }
}

function stamped(bytes: Buffer, fresh: boolean): OutputLine {
  const line = bytes.toString("utf8").replace(/\r$/, "");
  return fresh ? { at: new Date().toISOString(), line } : { line };
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/** A hole reads as zeros; it ends where the file system's block ends, mostly in the middle of a line. */
function withoutHole(bytes: Buffer): Buffer {
  if (bytes[0] !== 0) return bytes;
  const first = bytes.findIndex((byte) => byte !== 0);
  return first === -1 ? bytes.subarray(bytes.length) : bytes.subarray(first);
}

function isHole(bytes: Buffer): boolean {
  return bytes.length > 0 && bytes.every((byte) => byte === 0);
}
