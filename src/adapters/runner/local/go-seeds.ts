/**
 * Go's standard library (or a part of it), compiled once for each version of Go and its settings: the start of each module's own
 * build cache. Go alone makes it, in a folder that no step is told of, and a module gets a copy: what it does
 * to its cache reaches no other. A seed counts from the moment it is renamed to its key.
 */
import { constants } from "node:fs";
import { chmod, copyFile, mkdir, readdir, rename, stat, statfs, utimes } from "node:fs/promises";
import { join } from "node:path";
import { digestOf } from "../../../domain/canonical-json.ts";
import type { PipelineModel } from "../../../domain/pipeline/pipeline-model.ts";
import type { Clock } from "../../../ports/clock.ts";
import { compileStandardLibrary } from "./compile-standard-library.ts";
import { flushTree } from "./copy-tree.ts";
import { inParallel } from "./in-parallel.ts";
import { endAndRemove, makePrivateFolder, removeFolder, sweepFolders } from "./private-folders.ts";
import { toolVersions } from "./programs.ts";
import { searchPath } from "./step-environment.ts";

export interface GoSeeds {
  /** Copies the seed into a build cache that is new; leaves it empty where there is none yet, or no room. */
  fill(model: PipelineModel, cache: string): Promise<void>;
  /** Makes the seed that a module of Go would have needed, at the lowest priority; resolves when that is over, however it ended. */
  make(model: PipelineModel): Promise<void>;
  /** Ends what is under way; nothing half-made counts. */
  stop(): Promise<void>;
}

const mebibyte = 1024 ** 2;
/** Bytes of one; with cgo it takes some more than a third of that. */
const largest = 1024 * mebibyte;
/** Bytes that stay free on the disk. */
const reserve = 2048 * mebibyte;
const kept = 3;

/** `packages`: what a seed holds; none makes no seeds. */
export function openGoSeeds(
  root: string,
  { packages, clock }: { packages: readonly string[]; clock: Clock },
): GoSeeds {
  const unfinished = join(root, "unfinished");
  const ended = new AbortController();
  const tried = new Set<string>();
  let underWay: Promise<void> = Promise.resolve();

  return {
    async fill(model, cache) {
      const key = await keyOf(model, packages);
      if (key === undefined) return;
      await copySeed(join(root, key), cache).catch(async () => {
        await removeFolder(cache);
        await mkdir(cache);
      });
    },
    make(model) {
      if (packages.length > 0 && model.runtime.name === "go")
        underWay = underWay.then(() => makeOnce(model)).catch(() => {});
      return underWay;
    },
    async stop() {
      ended.abort();
      await underWay;
    },
  };

  /** What fails is not tried again by this process: modules build without a seed as well. */
  async function makeOnce(model: PipelineModel): Promise<void> {
    const key = await keyOf(model, packages);
    if (key === undefined || tried.has(key) || ended.signal.aborted) return;
    if (
      (await isFolder(join(root, key))) ||
      !(await isOurTurn()) ||
      (await freeBytes(root)) < largest + reserve
    )
      return;
    tried.add(key);
    const draft = await makePrivateFolder(unfinished);
    try {
      const cache = join(draft, "cache");
      const made = await compileStandardLibrary(draft, cache, {
        packages,
        environment: goSettings(model),
        signal: ended.signal,
        clock,
      });
      if (!made || (await closeFiles(cache)) > largest) return;
      await flushTree(cache);
      await rename(cache, join(root, key)).catch(ignoreTaken);
      await forgetOthers();
    } finally {
      await endAndRemove(draft);
    }
  }

  /** Another process that is at it makes it for this one too. */
  async function isOurTurn(): Promise<boolean> {
    await mkdir(unfinished, { recursive: true });
    await sweepFolders(unfinished, clock.now());
    return (await readdir(unfinished)).length === 0;
  }

  async function forgetOthers(): Promise<void> {
    const seeds: { folder: string; usedAt: number }[] = [];
    for (const name of await readdir(root)) {
      const folder = join(root, name);
      if (folder !== unfinished) seeds.push({ folder, usedAt: (await stat(folder)).mtimeMs });
    }
    seeds.sort((a, b) => b.usedAt - a.usedAt);
    for (const { folder } of seeds.slice(kept)) await removeFolder(folder);
  }
}

async function keyOf(model: PipelineModel, packages: readonly string[]): Promise<string | undefined> {
  if (model.runtime.name !== "go") return undefined;
  const go = (await toolVersions(model, [], searchPath())).find(({ name }) => name === "go");
  if (go === undefined) return undefined;
  const { platform, arch } = process;
  return digestOf({ version: go.version, platform, arch, packages, ...goSettings(model) }).replace(
    "sha256:",
    "",
  );
}

/** All that Go compiles differently by; -mod and its like in GOFLAGS do not concern the standard library. */
function goSettings({ environment }: PipelineModel): Record<string, string> {
  const named = Object.entries(environment).filter(
    ([name]) => /^(GO[A-Z0-9]+|CGO_\w+|CC|CXX|AR|PKG_CONFIG)$/.test(name) && name !== "GOFLAGS",
  );
  return Object.fromEntries(named);
}

/** Not by hard links: a module can change a file of its cache in place. */
async function copySeed(seed: string, cache: string): Promise<void> {
  const entries = await readdir(seed, { recursive: true, withFileTypes: true }).catch(() => []);
  if (entries.length === 0 || (await freeBytes(cache)) < largest + reserve) return;
  const placeOf = (from: string) => join(cache, from.slice(seed.length));
  const now = new Date();
  await utimes(seed, now, now);
  for (const entry of entries)
    if (entry.isDirectory()) await mkdir(placeOf(join(entry.parentPath, entry.name)), { recursive: true });
  await inParallel(
    entries.filter((entry) => entry.isFile()),
    async ({ parentPath, name }) => {
      const from = join(parentPath, name);
      await copyFile(from, placeOf(from), constants.COPYFILE_FICLONE);
      await chmod(placeOf(from), 0o644);
    },
  );
}

/** Makes its files read-only, against accidents, and says how large they are altogether. */
async function closeFiles(cache: string): Promise<number> {
  let bytes = 0;
  const entries = await readdir(cache, { recursive: true, withFileTypes: true });
  await inParallel(
    entries.filter((entry) => entry.isFile()),
    async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      bytes += (await stat(path)).size;
      await chmod(path, 0o444);
    },
  );
  return bytes;
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

/** Another process has made it meanwhile: one is enough. */
function ignoreTaken(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
}
