/** What the file system answers, in words that name the folder and the way on. */
import { RefusalError, refuse } from "../../../domain/refusal.ts";

/** Runs a task on files below a folder; a full or read-only disk is a refusal and not a crash. */
export async function onFiles<T>(folder: string, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw error instanceof RefusalError ? error : fileFailure(folder, error);
  }
}

export function fileFailure(folder: string, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOSPC" || code === "EDQUOT" || saysDiskFull(error)) return diskFull(folder);
  if (code === "EROFS" || code === "EACCES" || code === "EPERM")
    return refuse(
      "Unavailable",
      `${folder} cannot be written (${code}).`,
      "Make it writable for the user that runs connectsoft, or choose another data folder, then retry.",
    );
  return error;
}

export function diskFull(folder: string): RefusalError {
  return refuse(
    "Unavailable",
    `The disk that holds ${folder} is full; nothing half-made was kept.`,
    "Free some space, then retry: connectsoft doctor shows what takes it.",
  );
}

export function saysDiskFull(error: unknown): boolean {
  const text = error instanceof Error ? error.message : typeof error === "string" ? error : "";
  return /ENOSPC|No space left on device/i.test(text);
}
