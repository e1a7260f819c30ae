/**
 * A service's output goes straight to a file, so that it writes on when the supervisor dies. The file is
 * opened for appending; when it is too large its content is copied away and it is cut: two files at most.
 */
import { copyFileSync, mkdirSync, openSync, statSync, truncateSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";

const rotateAtBytes = 10 * 1024 * 1024;
const tailBytes = 8 * 1024;

/** A file descriptor for stdout and stderr; the caller closes it after the spawn. */
export function openOutput(folder: string): number {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return openSync(outputFile(folder), "a", 0o600);
}

export function rotateOutput(folder: string, limitBytes = rotateAtBytes): boolean {
  const path = outputFile(folder);
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size <= limitBytes) return false;
  copyFileSync(path, `${path}.1`);
  truncateSync(path, 0);
  return true;
}

/** The last lines, at most 8 KiB, whole lines where there is more. */
export async function outputTail(folder: string): Promise<string | undefined> {
  const file = await open(outputFile(folder), "r").catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - tailBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
    const text = buffer.subarray(0, bytesRead).toString("utf8");
    return start === 0 ? text : text.slice(text.indexOf("\n") + 1);
  } finally {
    await file.close();
  }
}

function outputFile(folder: string): string {
  return join(folder, "output.log");
}
