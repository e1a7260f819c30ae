/** Source control with the `git` program on bare repositories of this host. */
import { resolve } from "node:path";
import { refuse } from "../../../domain/refusal.ts";
import type { SourceControl } from "../../../ports/source-control.ts";
import { checkout } from "./checkout.ts";
import { combine } from "./combine.ts";
import { commit, commitOnto } from "./commit.ts";
import { writeTree } from "./edit-tree.ts";
import { requireGit } from "./git-version.ts";
import { readCommit } from "./history.ts";
import { importFolder } from "./import-folder.ts";
import { importRemote } from "./import-remote.ts";
import { log } from "./log.ts";
import { merge } from "./merge.ts";
import { type ModuleLimits, moduleLimits } from "./module-rules.ts";
import { patch } from "./patch.ts";
import { peekFolder } from "./peek-folder.ts";
import { diff, listFiles, readFiles } from "./read.ts";
import { exists, locate, type Repository } from "./repository.ts";
import { revert } from "./revert.ts";
import { subtree } from "./subtree.ts";
import { tag, tags } from "./tags.ts";
import { verify } from "./verify.ts";

/**
 * Repositories lie below `root` as `<tenantId>/<moduleId>.git` and are made when something is first stored.
 * Any number of processes may use one root. Refuses with Unavailable where git is missing, older than 2.38,
 * or cannot write.
 */
export function createGitSourceControl(options: {
  root: string;
  /** Absent: files of 100 MB, modules of 1 GB. */
  limits?: Partial<ModuleLimits>;
}): SourceControl {
  const root = resolve(options.root);
  const limits = { ...moduleLimits, ...options.limits };
  let checked: Promise<void> | undefined;

  async function ready(): Promise<string> {
    checked ??= requireGit();
    await checked.catch((error) => {
      // A git that is installed meanwhile is found at the next call.
      checked = undefined;
      throw error;
    });
    return root;
  }

  async function stored(name: string): Promise<Repository> {
    const repository = locate(await ready(), name);
    if (exists(repository)) return repository;
    throw refuse("NotFound", `There is no repository ${name}.`, "Hand its module over first.");
  }

  return {
    peekFolder,
    importFolder: async (request) => importFolder(await ready(), request, limits),
    importRemote: async (request) => importRemote(await ready(), request, limits),
    commit: async (request) => commit(await ready(), request),
    commitOnto: async (request) => commitOnto(await ready(), request),
    async merge(request) {
      await stored(request.repository);
      return await merge(root, request);
    },
    async tip(name, branch) {
      const repository = locate(await ready(), name);
      if (!exists(repository)) return undefined;
      const found = await readCommit(repository, branch);
      return found && { commit: found.commit, tree: found.tree };
    },
    readFiles: async (name, treeish, paths) => readFiles(await stored(name), treeish, paths),
    listFiles: async (name, treeish) => listFiles(await stored(name), treeish),
    diff: async (name, base, head) => diff(await stored(name), base, head),
    checkout: async (name, id, directory, folder) => checkout(await stored(name), id, { directory, folder }),
    combine: async (request) => combine(await ready(), request),
    subtree: async (name, treeish, folder) => subtree(await stored(name), treeish, folder),
    writeTree: async (name, files) => writeTree(await ready(), name, files),
    log: async (request) => log(await stored(request.repository), request),
    tag: async (request) => tag(await stored(request.repository), request),
    tags: async (name) => tags(await stored(name)),
    revert: async (request) => revert(await ready(), request),
    verify: async (request) => verify(root, await stored(request.repository), request),
    patch: async (request) => patch(await stored(request.repository), request),
    location: (name) => locate(root, name).gitDir,
  };
}
