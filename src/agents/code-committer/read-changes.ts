/** Compares the interfaces of two trees, and reads only the files that the comparison asks for. */
import type { Change } from "../../domain/commit/change.ts";
import { compareInterfaces } from "../../domain/commit/interface/compare-interfaces.ts";
import type { ModuleFiles } from "../../domain/commit/interface/module-files.ts";
import type { SourceControl } from "../../ports/source-control.ts";

/** Re-exports of re-exports: one round reads one level of them. */
const mostRounds = 40;

export async function readChanges(
  sourceControl: SourceControl,
  sides: { repository: string; before: string; after: string },
): Promise<Change[]> {
  const before = await openTree(sourceControl, sides.repository, sides.before);
  const after = await openTree(sourceControl, sides.repository, sides.after);
  for (let round = 0; ; round += 1) {
    const changes = compareInterfaces(before.files, after.files);
    const more = [await before.load(), await after.load()];
    if (!more.includes(true) || round === mostRounds) return changes;
  }
}

async function openTree(sourceControl: SourceControl, repository: string, tree: string) {
  const paths = new Set(await sourceControl.listFiles(repository, tree));
  const texts = new Map<string, string | undefined>();
  const asked = new Set<string>();
  const files: ModuleFiles = {
    paths,
    read(path) {
      if (paths.has(path) && !texts.has(path)) asked.add(path);
      return texts.get(path);
    },
  };
  return {
    files,
    /** Whether there was anything to read. */
    async load(): Promise<boolean> {
      if (asked.size === 0) return false;
      const read = await sourceControl.readFiles(repository, tree, [...asked]);
      for (const path of asked) texts.set(path, read[path]);
      asked.clear();
      return true;
    },
  };
}
