/** The newest of the checkpoints that somebody kept, as many as a request takes. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { entryOf, readCheckpointFile } from "../../domain/audit/checkpoint-file.ts";
import { refuse } from "../../domain/refusal.ts";

const mostSent = 2_000;

export async function readKept(cwd: string, file: string): Promise<string> {
  const text = await readFile(path.resolve(cwd, file), "utf8").catch((error: NodeJS.ErrnoException) => {
    throw refuse("InputInvalid", `${file} cannot be read: ${error.code}.`, "Name a file.");
  });
  const { checkpoints } = readCheckpointFile(text.endsWith("\n\n") ? text : `${text.trimEnd()}\n\n`);
  if (checkpoints.length === 0)
    throw refuse(
      "InputInvalid",
      `${file} holds no checkpoint.`,
      "Name a copy of the file that is published.",
    );
  return checkpoints.slice(-mostSent).map(entryOf).join("");
}
