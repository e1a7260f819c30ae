/** Looks into a folder before anything of it is stored, to learn what the module calls itself and how it starts. */
import { constants } from "node:fs";
import { open, readdir, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { refuse } from "../../../domain/refusal.ts";
import { leftOut } from "./walk-folder.ts";

/** A file that describes a module is small; a larger one is not read into memory. */
const readableBytes = 1_048_576;

/** Large, and never part of a module. */
const passedOver = new Set([".git", ...leftOut]);

export async function peekFolder(
  folder: string,
  wanted: (path: string) => boolean,
): Promise<{ paths: string[]; files: Record<string, string> }> {
  const paths = await pathsIn(folder).catch((error: NodeJS.ErrnoException) => {
    throw refuse(
      "ModuleInvalid",
      `${folder} cannot be handed over: ${why(error)}.`,
      "Name a folder with the module's source.",
    );
  });
  if (paths.length === 0)
    throw refuse(
      "ModuleInvalid",
      `${folder} is empty; expected the module's source.`,
      "Name the folder that holds the module's source.",
    );
  const top = await realpath(folder);
  const files: Record<string, string> = {};
  for (const path of paths.filter(wanted)) {
    const content = await readSmall(top, path).catch(() => undefined);
    if (content !== undefined) files[path] = content;
  }
  return { paths, files };
}

/** Undefined for what is no file, is large, or lies outside the folder behind a link. */
async function readSmall(top: string, path: string): Promise<string | undefined> {
  const place = await realpath(join(top, path));
  if (!place.startsWith(top + sep)) return undefined;
  // Without waiting: nobody may ever write into a pipe.
  const file = await open(place, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = await file.stat();
    if (!found.isFile() || found.size > readableBytes) return undefined;
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}

async function pathsIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  const pending = [""];
  for (let prefix = pending.pop(); prefix !== undefined; prefix = pending.pop()) {
    for (const entry of await readdir(join(folder, prefix), { withFileTypes: true })) {
      if (passedOver.has(entry.name)) continue;
      if (entry.isDirectory()) pending.push(`${prefix}${entry.name}/`);
      else found.push(`${prefix}${entry.name}`);
    }
  }
  return found;
}

function why(error: NodeJS.ErrnoException): string {
  if (error.code === "ENOENT") return "it does not exist";
  return error.code === "ENOTDIR" ? "it is not a folder" : error.message;
}
