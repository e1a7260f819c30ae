/** Real git in a folder of its own, for tests. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createGitSourceControl } from "../../src/adapters/source-control/git/git-source-control.ts";
import type { SourceControl } from "../../src/ports/source-control.ts";

export interface TestSourceControl {
  sourceControl: SourceControl;
  /** Imports files as a hand-over does and gives their tree. */
  importFiles(repository: string, files: Record<string, string>): Promise<string>;
  stop(): Promise<void>;
}

export async function createTestSourceControl(): Promise<TestSourceControl> {
  const place = await mkdtemp(join(tmpdir(), "connectsoft-git-"));
  const sourceControl = createGitSourceControl({ root: join(place, "repositories") });
  return {
    sourceControl,
    async importFiles(repository, files) {
      const folder = await mkdtemp(join(place, "folder-"));
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), content);
      }
      const { tree } = await sourceControl.importFolder({ repository, folder });
      return tree;
    },
    stop: () => rm(place, { recursive: true, force: true }),
  };
}
