/** Files of the built tree that say what was resolved, bounded: an SBOM is written from them. */
import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { InventoryFile } from "../../../ports/pipeline-runner.ts";
import { listTree } from "./tree-digest.ts";

const mostFiles = 5_000;
const mostBytes = 16 * 1024 * 1024;

export async function readInventory(
  source: string,
  wanted: (path: string) => boolean,
): Promise<{ inventory: InventoryFile[]; notes: string[] }> {
  const inventory: InventoryFile[] = [];
  let left = mostBytes;
  let leftOut = 0;
  for (const entry of await listTree(source)) {
    if (entry.kind !== "file" || !wanted(entry.path)) continue;
    if (entry.size > left || inventory.length === mostFiles) {
      leftOut += 1;
      continue;
    }
    const { size } = await lstat(join(source, entry.path));
    if (size > left) continue;
    inventory.push({ path: entry.path, text: await readFile(join(source, entry.path), "utf8") });
    left -= size;
  }
  inventory.sort((a, b) => (a.path < b.path ? -1 : 1));
  const notes =
    leftOut === 0
      ? []
      : [`${leftOut} files that say what was resolved were left out of the inventory: too many or too large`];
  return { inventory, notes };
}
