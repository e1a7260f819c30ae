/** Failures of what the server stands on, as answers that say so: nobody has to read the log for them. */
import { type Problem, problem } from "./problem.ts";

/** Undefined where it is a failure of another kind. */
export function outageOf(error: unknown): Problem | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = "code" in error ? String(error.code) : "";
  if (isAway(code, error.message))
    return problem(
      503,
      "Unavailable",
      "The database is away; it is looked for again.",
      "Try again in a moment.",
    );
  if (isFull(code, error.message))
    return problem(
      503,
      "Unavailable",
      "The disk is full: no space left for what was to be written, and nothing was done.",
      "Make room on the disk of the database and of the data directory, and try again.",
    );
  return undefined;
}

/** Connection failures of the driver and of PostgreSQL itself (classes 08 and 57P). */
function isAway(code: string, message: string): boolean {
  return (
    /^(08|57P)|^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT)$/.test(code) ||
    /Connection terminated|timeout exceeded when trying to connect/.test(message)
  );
}

/** PostgreSQL's `disk_full`, what it says where it passes on the system's own words, and our own files. */
function isFull(code: string, message: string): boolean {
  return /^(53100|ENOSPC|EDQUOT)$/.test(code) || /No space left on device/.test(message);
}
