/** Exactly one supervisor a directory. */
import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/**
 * Takes the lock, or returns undefined where another process holds it. The lock is a file lock of the
 * kernel's, held through SQLite because Node has no flock of its own: it ends with the process, however it ends.
 */
export function takeLock(path: string): { release(): void } | undefined {
  closeSync(openSync(path, "a", 0o600));
  const database = new DatabaseSync(path);
  try {
    database.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
    return { release: () => database.close() };
  } catch (error) {
    database.close();
    if (error instanceof Error && /locked|busy/i.test(error.message)) return undefined;
    throw error;
  }
}
