/** Repositories of this host as people reach them, with the `git` program on the bare repositories of source control. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { refuse } from "../../../domain/refusal.ts";
import type { GitServer, JudgePush } from "../../../ports/git-server.ts";
import type { SourceControl } from "../../../ports/source-control.ts";
import { branches, entries, file, mergeBase, resolve } from "./read.ts";
import { serve } from "./serve.ts";

export interface GitServerOptions {
  sourceControl: SourceControl;
  /** Asked of every push before a ref moves. */
  judge: JudgePush;
  trouble(message: string, error: unknown): void;
  /** Another folder with a pre-receive hook. */
  hooks?: string;
}

/** Refuses with NotFound where the repository is not there. */
export function createGitServer(options: GitServerOptions): GitServer {
  const { sourceControl, judge, trouble, hooks = join(import.meta.dirname, "hooks") } = options;
  async function stored(repository: string): Promise<string> {
    if (await exists(repository)) return sourceControl.location(repository);
    throw refuse("NotFound", `There is no repository ${repository}.`, "Hand its module over first.");
  }

  async function exists(repository: string): Promise<boolean> {
    const head = join(sourceControl.location(repository), "HEAD");
    return await stat(head).then(
      () => true,
      () => false,
    );
  }

  return {
    exists,
    async serve(request) {
      return await serve({ gitDir: await stored(request.repository), hooks, judge, trouble }, request);
    },
    branches: async (repository) => branches(await stored(repository)),
    entries: async (place) => entries(await stored(place.repository), place),
    file: async (place) => file(await stored(place.repository), place),
    async compare({ repository, base, head, maxBytes }) {
      const gitDir = await stored(repository);
      const from = await resolve(gitDir, { repository, ref: base });
      const to = await resolve(gitDir, { repository, ref: head });
      const met = await mergeBase(gitDir, from, to);
      const [files, text] = await Promise.all([
        sourceControl.diff(repository, met, to),
        // Source control cuts without a word; with room for twice as much the cut is ours.
        sourceControl.patch({ repository, base: met, head: to, maxBytes: 2 * maxBytes }),
      ]);
      return { base: met, files, ...cut(text, maxBytes) };
    },
  };
}

/** At most so many bytes, in whole lines. */
function cut(text: string, maxBytes: number): { patch: string; truncated: boolean } {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return { patch: text, truncated: false };
  const end = bytes.subarray(0, maxBytes).lastIndexOf("\n") + 1;
  return { patch: bytes.toString("utf8", 0, end), truncated: true };
}
