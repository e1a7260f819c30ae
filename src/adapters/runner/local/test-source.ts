/** Real git for this folder's tests: commits files and checks them out. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { SourceControl } from "../../../ports/source-control.ts";

export interface TestSource {
  sourceControl: Pick<SourceControl, "checkout">;
  commit(
    files: Record<string, string | Uint8Array>,
  ): Promise<{ repository: string; commit: string; tree: string }>;
  /** A folder of its own for whoever tests. */
  folder: string;
  stop(): Promise<void>;
}

const run = promisify(execFile);

export async function createTestSource(): Promise<TestSource> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "local-runner-")));
  let count = 0;
  return {
    folder,
    sourceControl: {
      async checkout(repository, commit, directory, folder = "") {
        await mkdir(directory, { recursive: true });
        const environment = {
          GIT_DIR: repository,
          GIT_WORK_TREE: directory,
          GIT_INDEX_FILE: `${directory}.index`,
        };
        await git(["read-tree", `${commit}:${folder}`], directory, environment);
        await git(["checkout-index", "--all", "--force"], directory, environment);
      },
    },
    async commit(files) {
      count += 1;
      const place = join(folder, `module-${count}`);
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(place, path)), { recursive: true });
        await writeFile(join(place, path), content);
      }
      await git(["init", "--quiet"], place);
      await git(["add", "--all"], place);
      const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.invalid"];
      await git([...identity, "commit", "--quiet", "--message", `module ${count}`], place);
      const [commit = "", tree = ""] = (await git(["rev-parse", "HEAD", "HEAD^{tree}"], place)).split("\n");
      return { repository: join(place, ".git"), commit, tree };
    },
    stop: () => rm(folder, { recursive: true, force: true }),
  };
}

async function git(args: string[], cwd: string, environment: Record<string, string> = {}): Promise<string> {
  const { stdout } = await run("git", args, { cwd, env: { ...process.env, ...environment } });
  return stdout.trim();
}
