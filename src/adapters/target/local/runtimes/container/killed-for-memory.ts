/**
 * Whether the kernel ended a process of a container for its memory, by the kernel's own log: engines do not
 * notice it everywhere (podman 4.3 does not with control groups of version 1). Root alone may read it.
 */
import { closeSync, constants, openSync, readSync } from "node:fs";

/** One record is at most that long (kernel: PRINTK_MESSAGE_MAX and its prefix). */
const recordBytes = 8 * 1024;

export function killedForMemory(id: string): boolean {
  try {
    return records().some((record) => record.includes("oom_memcg=") && record.includes(id));
  } catch {
    return false;
  }
}

/** Every record that the log still holds; a read without waiting fails when there is no other. */
function records(): string[] {
  const found: string[] = [];
  const log = openSync("/dev/kmsg", constants.O_RDONLY | constants.O_NONBLOCK);
  const buffer = Buffer.alloc(recordBytes);
  try {
    for (;;) found.push(buffer.toString("utf8", 0, readOne(log, buffer)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return found;
    throw error;
  } finally {
    closeSync(log);
  }
}

/** EPIPE: the oldest record was overwritten meanwhile, and the next read goes on behind it. */
function readOne(log: number, buffer: Buffer): number {
  try {
    return readSync(log, buffer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EPIPE") return 0;
    throw error;
  }
}
