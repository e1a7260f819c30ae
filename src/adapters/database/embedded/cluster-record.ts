/**
 * `embedded-postgres.json` in the data directory: where the cluster is, its password and its port. The one
 * file that everything else is found by; readable by its owner only.
 */
import { randomBytes } from "node:crypto";
import { link, open, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { refuse } from "../../../domain/refusal.ts";

const recordSchema = z.object({
  /** Whose cluster it is; tells a moved data directory from a copied one. */
  dataDirectory: z.string(),
  /** Path of the cluster, relative to the data directory where it lies within. */
  cluster: z.string(),
  password: z.string(),
  port: z.int(),
});
export type ClusterRecord = z.infer<typeof recordSchema>;

export function recordPath(dataDirectory: string): string {
  return path.join(dataDirectory, "embedded-postgres.json");
}

export async function readRecord(dataDirectory: string): Promise<ClusterRecord | undefined> {
  const file = recordPath(dataDirectory);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw refuse(
      "Unavailable",
      `${file} cannot be read (${error.code})`,
      "Run as the user that created it, or use another data directory.",
    );
  });
  if (text === undefined) return undefined;
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch {
    throw refuse("Unavailable", `${file} is damaged`, "Restore it from a backup: it holds the password.");
  }
}

/** Writes the first record; of several writers at once one wins, and all get the winner's. */
export async function createRecord(dataDirectory: string, record: ClusterRecord): Promise<ClusterRecord> {
  const draft = await writeDraft(dataDirectory, record);
  try {
    await link(draft, recordPath(dataDirectory));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return (await readRecord(dataDirectory)) ?? record;
}

export async function replaceRecord(dataDirectory: string, record: ClusterRecord): Promise<void> {
  await rename(await writeDraft(dataDirectory, record), recordPath(dataDirectory));
}

async function writeDraft(dataDirectory: string, record: ClusterRecord): Promise<string> {
  const draft = `${recordPath(dataDirectory)}.${process.pid}-${randomBytes(4).toString("hex")}`;
  const file = await open(draft, "wx", 0o600);
  await file.writeFile(`${JSON.stringify(record, null, 2)}\n`);
  await file.sync();
  await file.close();
  return draft;
}
