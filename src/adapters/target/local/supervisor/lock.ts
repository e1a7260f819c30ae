/** Exactly one supervisor a directory. */
import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/** A database that nothing refers to is closed when memory is collected, and its lock is gone. */
const held = new Set<DatabaseSync>();

/**
 * Takes the lock, or returns undefined where another process holds it. The lock is a file lock of the
 * kernel's, held through SQLite because Node has no flock of its own: it ends with the process, however it ends.
 */
export function takeLock(path: string): { release(): void } | undefined {
  closeSync(openSync(path, "a", 0o600));
  const database = new DatabaseSync(path);
  held.add(database);
  const release = () => {
    held.delete(database);
    database.close();
  };
  try {
    database.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
    return { release };
  } catch (error) {
    release();
    if (error instanceof Error && /locked|busy/i.test(error.message)) return undefined;
    throw error;
  }
}
