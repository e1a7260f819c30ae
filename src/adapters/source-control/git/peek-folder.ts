/** Looks into a folder before anything of it is stored, to learn what the module calls itself and how it starts. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { refuse } from "../../../domain/refusal.ts";

/** A file that describes a module is small; a larger one is not read into memory. */
const readableBytes = 1_048_576;

/** Large, and never part of a module. */
const passedOver = new Set([".git", ".connectsoft", "node_modules"]);

export async function peekFolder(
  folder: string,
  wanted: (path: string) => boolean,
): Promise<{ paths: string[]; files: Record<string, string> }> {
  const paths = await pathsIn(folder, "").catch((error: NodeJS.ErrnoException) => {
    const why =
      error.code === "ENOENT"
        ? "it does not exist"
        : error.code === "ENOTDIR"
          ? "it is not a folder"
          : error.message;
    throw refuse(
      "ModuleInvalid",
      `${folder} cannot be handed over: ${why}.`,
      "Name a folder with the module's source.",
    );
  });
  if (paths.length === 0)
    throw refuse(
      "ModuleInvalid",
      `${folder} is empty; expected the module's source.`,
      "Name the folder that holds package.json.",
    );
  const files: Record<string, string> = {};
  for (const name of paths.filter(wanted)) {
    const content = await readFile(join(folder, name)).catch(() => undefined);
    if (content !== undefined && content.length <= readableBytes) files[name] = content.toString("utf8");
  }
  return { paths, files };
}

async function pathsIn(folder: string, prefix: string): Promise<string[]> {
  const entries = await readdir(join(folder, prefix), { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    if (passedOver.has(entry.name)) continue;
    const path = `${prefix}${entry.name}`;
    if (entry.isDirectory()) found.push(...(await pathsIn(folder, `${path}/`)));
    else found.push(path);
  }
  return found;
}
