import { randomBytes } from "node:crypto";
import { access, constants, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";

/** Rejects where files cannot be written in the directory, or it could not be created. Leaves nothing behind. */
export async function probeDirectory(directory: string): Promise<"is writable" | "can be created"> {
  const existing = await nearest(path.resolve(directory));
  if (!(await stat(existing)).isDirectory()) throw new Error(`${existing} is not a folder`);
  if (existing !== path.resolve(directory)) {
    await access(existing, constants.W_OK | constants.X_OK);
    return "can be created";
  }
  const probe = path.join(existing, `.probe-${randomBytes(4).toString("hex")}`);
  try {
    await writeFile(probe, "writable");
  } finally {
    await rm(probe, { force: true });
  }
  return "is writable";
}

async function nearest(directory: string): Promise<string> {
  try {
    await stat(directory);
    return directory;
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (!isMissing || directory === path.dirname(directory)) throw error;
    return nearest(path.dirname(directory));
  }
}
