/**
 * Takes one ref of a git repository, near or far: its newest content only, as its history is not delivered. It is
 * fetched into a repository of this call alone: a commit without its history here would cut every history that leads
 * through it.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { refuse } from "../../../domain/refusal.ts";
import { type SourceControl, withoutCredentials } from "../../../ports/source-control.ts";
import { type ModuleLimits, moduleInvalid } from "./module-rules.ts";
import { checkPath } from "./names.ts";
import { takeOverPacks } from "./pack.ts";
import { keep } from "./refs.ts";
import { ensureRepository, type Repository, withScratch } from "./repository.ts";
import { rollUpPacks } from "./roll-up-packs.ts";
import { askGit, lastWords, runGit } from "./run-git.ts";
import { subtree } from "./subtree.ts";
import { sweepLeftOvers } from "./sweep-left-overs.ts";
import { requireDeliverable } from "./tree-content.ts";

const fetchTimeoutMs = 10 * 60_000;

type RemoteRequest = Parameters<SourceControl["importRemote"]>[0];

export async function importRemote(
  root: string,
  request: RemoteRequest,
  limits: ModuleLimits,
): ReturnType<SourceControl["importRemote"]> {
  const { ref = "HEAD", folder = "", signal } = request;
  const source = withoutCredentials(request.url);
  if (request.url === "" || request.url.startsWith("-")) throw unreachable(source, ref, "this is no address");
  if (!/^[A-Za-z0-9_][A-Za-z0-9._/+-]*$/.test(ref) || ref.includes(".."))
    throw unreachable(source, ref, "this is no name of a branch, tag or commit");
  if (folder !== "") checkPath(folder);
  signal?.throwIfAborted();
  const repository = await ensureRepository(root, request.repository);
  await sweepLeftOvers(root, repository, new Date());
  return await withScratch(root, async (scratch) => {
    const fetched = { name: repository.name, gitDir: await emptyRepository(scratch) };
    const commit = await fetchOne(fetched, { url: address(request.url), ref, source, signal });
    const tree = await subtree(fetched, commit, folder);
    if (tree === undefined)
      throw moduleInvalid(
        `${ref} of ${source} has no folder ${folder}.`,
        "Name a folder as it is spelled there, from the top of the repository.",
      );
    const named = folder === "" ? source : `${folder} of ${source}`;
    await requireDeliverable(fetched, tree, { source: named, limits });
    await moveTree(fetched, repository, tree);
    return { commit, tree, addresses: await addressesOf(fetched, commit) };
  });
}

/** Of who wrote and who committed it. */
async function addressesOf({ gitDir }: Repository, commit: string): Promise<string[]> {
  const found = await askGit(["log", "--max-count=1", "--format=%ae%n%ce", commit], { gitDir });
  return [...new Set(found.split("\n").filter((address) => address !== ""))];
}

async function emptyRepository(scratch: string): Promise<string> {
  const gitDir = join(scratch, "fetched.git");
  for (const folder of ["objects", "refs"]) await mkdir(join(gitDir, folder), { recursive: true });
  await writeFile(join(gitDir, "HEAD"), "ref: refs/heads/fetched\n");
  return gitDir;
}

/** The tree and all in it as one pack, and nothing of the commit around it. */
async function moveTree(from: Repository, to: Repository, tree: string): Promise<void> {
  const packs = join(from.gitDir, "moving");
  await mkdir(packs);
  const args = ["pack-objects", "--quiet", "--revs", join(packs, "pack")];
  await runGit(args, { gitDir: from.gitDir, input: `${tree}\n` });
  await takeOverPacks(packs, to.gitDir);
  await keep(to, tree);
  await rollUpPacks(to);
}

/** `scheme://...` and `host:path` are git's to read; anything else is a path, from where this process stands. */
function address(url: string): string {
  const isPath = !/^[a-z][a-z0-9+.-]*:\/\//i.test(url) && !/^[^/]+:/.test(url);
  return isPath ? resolve(url) : url;
}

async function fetchOne(
  { gitDir }: Repository,
  remote: { url: string; ref: string; source: string; signal: AbortSignal | undefined },
): Promise<string> {
  const landing = "refs/fetched/head";
  const flags = ["--quiet", "--depth=1", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"];
  const fetched = await runGit(["fetch", ...flags, "--", remote.url, `+${remote.ref}:${landing}`], {
    ...{ gitDir, accept: [1, 128], timeoutMs: fetchTimeoutMs, signal: remote.signal },
  });
  if (fetched.exitCode !== 0)
    throw unreachable(
      remote.source,
      remote.ref,
      lastWords(fetched.stderr.replaceAll(remote.url, remote.source)),
    );
  return await askGit(["rev-parse", "--verify", `${landing}^{commit}`], { gitDir });
}

function unreachable(source: string, ref: string, why: string): Error {
  return refuse(
    "ModuleInvalid",
    `${ref} of ${source} could not be fetched: ${withoutSecrets(why)}. Expected a git address and a branch, tag or commit that is there.`,
    "Check the address with `git ls-remote`; the machine's own credentials (ssh agent) are used, nobody is asked.",
  );
}

/** git repeats an address in its own spelling, perhaps one that a server sent it on to. */
function withoutSecrets(words: string): string {
  return words.replace(/[a-z][a-z0-9+.-]*:\/\/[^\s'"]+/gi, withoutCredentials);
}
