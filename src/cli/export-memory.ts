/** Memory as a tree of files. Written beside the folder and renamed, so that a half-written tree never has its name. */
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir, rename, rm, rmdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { refuse } from "../domain/refusal.ts";
import type { ArtifactContent, StoredArtifact } from "../operations/read-memory.ts";
import type { Client } from "./client.ts";

export interface ExportRequest {
  folder: string;
  cwd: string;
  traceId?: string;
  moduleId?: string;
}

/** Refuses a folder that holds something, and an artifact whose bytes are not those of its digest. */
export async function exportMemory(
  client: Client,
  request: ExportRequest,
): Promise<{ files: number; folder: string }> {
  const folder = path.resolve(request.cwd, request.folder);
  await requireEmpty(folder);
  const { traceId, moduleId } = request;
  const found = await client.get<StoredArtifact[]>("/memory", { traceId, moduleId });
  if (found.length === 0)
    throw refuse(
      "NotFound",
      traceId === undefined ? "Nothing has been written yet." : `Memory has nothing of ${traceId}.`,
      "See what there is: connectsoft memory ls",
    );
  const draft = `${folder}.${randomBytes(4).toString("hex")}.part`;
  try {
    for (const { path: place } of found) await writeOne(client, draft, place);
    await rmdir(folder).catch(() => undefined);
    await rename(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return { files: found.length, folder };
}

async function writeOne(client: Client, draft: string, place: string): Promise<void> {
  const { content, sha256 } = await client.get<ArtifactContent>("/memory/content", { path: place });
  if (`sha256:${createHash("sha256").update(content).digest("hex")}` !== sha256)
    throw refuse("DigestMismatch", `${place} is not what its digest says.`, "Do not rely on this export.");
  const file = path.join(draft, place);
  if (!file.startsWith(draft + path.sep))
    throw refuse(
      "InputInvalid",
      `${place} leads out of the folder.`,
      "Report this: no artifact may have such a path.",
    );
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content, { flag: "wx" });
}

async function requireEmpty(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw refuse("InputInvalid", `${folder} cannot be used: ${error.code}.`, "Name a new or empty folder.");
  });
  if (entries.length === 0) return;
  throw refuse(
    "Conflict",
    `${folder} holds ${entries.length} entries already.`,
    "Name a new or empty folder.",
  );
}
