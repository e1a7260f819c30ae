/** The last table, on disk before any router goes by it. */
import { readFile } from "node:fs/promises";
import { replaceFile } from "../supervisor/state-file.ts";
import type { RouterTable } from "./router-control.ts";

export interface KeptTable {
  port: number;
  table: RouterTable;
}

export async function readTable(path: string): Promise<KeptTable | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as KeptTable;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Writes what is current, one write after the other; calls that come while one goes on share the next. */
export function tableWriter(path: string, current: () => KeptTable): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  return () => {
    next ??= running
      .catch(() => {})
      .then(() => {
        next = undefined;
        running = replaceFile(path, JSON.stringify(current()));
        return running;
      });
    return next;
  };
}
