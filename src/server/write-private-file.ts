import { randomBytes } from "node:crypto";
import { link, open, readFile, rename, rm } from "node:fs/promises";

/** Replaces a file whole, readable by its owner only; a reader sees the old content or the new. */
export async function writePrivateFile(file: string, content: string): Promise<void> {
  await rename(await writeDraft(file, content), file);
}

/** The content of the file, made by the first of several callers at once. */
export async function createPrivateFileOnce(file: string, content: string): Promise<string> {
  const draft = await writeDraft(file, content);
  try {
    await link(draft, file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return readFile(file, "utf8");
}

async function writeDraft(file: string, content: string): Promise<string> {
  const draft = `${file}.${process.pid}-${randomBytes(4).toString("hex")}`;
  const handle = await open(draft, "wx", 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return draft;
}
