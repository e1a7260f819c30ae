/** Saves an export under its name once it is there to its last byte. */
import { createWriteStream, existsSync } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { refuse } from "../../domain/refusal.ts";
import type { Client } from "../client.ts";

export async function saveArchive(
  client: Client,
  { trace, cwd, output }: { trace: string; cwd: string; output: string | undefined },
): Promise<{ file: string; bytes: number }> {
  const file = path.resolve(cwd, output ?? `${trace}.audit.tar.gz`);
  if (existsSync(file))
    throw refuse("Conflict", `${file} is there already.`, "Name another file: --output <file>");
  const draft = `${file}.part`;
  try {
    await pipeline(
      await client.download(`/audit/traces/${encodeURIComponent(trace)}`),
      createWriteStream(draft, { mode: 0o600 }),
    );
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
  return { file, bytes: (await stat(file)).size };
}
