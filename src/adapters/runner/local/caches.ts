/**
 * What tools downloaded, kept between runs for one module of one tenant: no module can change what another
 * one gets. A run takes a cache away by renaming it and gives it back whole, so that two runs never share one
 * and a run that was killed costs its cache and nothing else.
 */
import { mkdir, readdir, rename, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { digestOf } from "../../../domain/canonical-json.ts";
import type { PipelineModel } from "../../../domain/pipeline/pipeline-model.ts";
import { removeFolder } from "./private-folders.ts";

export interface Caches {
  /** Variables for the tools; the folders lie in the run's own. */
  take(model: PipelineModel, runFolder: string): Promise<Record<string, string>>;
  giveBack(model: PipelineModel, runFolder: string): Promise<void>;
}

export interface CacheLimits {
  /** Bytes of one module's cache; a larger one is not kept. */
  one: number;
  /** Bytes of all of them; the ones that were not used for longest go. */
  all: number;
}

const gibibyte = 1024 ** 3;
export const usualCacheLimits: CacheLimits = { one: 2 * gibibyte, all: 10 * gibibyte };

/** What a cache that is new begins with. */
export type FillCache = (model: PipelineModel, variable: string, folder: string) => Promise<void>;

export function openCaches(root: string, limits: CacheLimits, fill: FillCache = async () => {}): Caches {
  return { take, giveBack };

  async function take(model: PipelineModel, runFolder: string): Promise<Record<string, string>> {
    const inRun = join(runFolder, "caches");
    if (ownCaches(model).length === 0) return {};
    await mkdir(root, { recursive: true });
    if (!(await isFolder(inRun))) await rename(slotOf(model), inRun).catch(ignoreMissing);
    const variables: Record<string, string> = {};
    for (const { name, variable } of ownCaches(model)) {
      const folder = join(inRun, name);
      const made = await mkdir(folder, { recursive: true });
      if (made !== undefined) await fill(model, variable, folder);
      variables[variable] = folder;
    }
    return variables;
  }

  async function giveBack(model: PipelineModel, runFolder: string): Promise<void> {
    const inRun = join(runFolder, "caches");
    if (!(await isFolder(inRun)) || (await sizeOf(inRun, limits.one)) > limits.one) return;
    const now = new Date();
    await utimes(inRun, now, now);
    await rename(inRun, slotOf(model)).catch(ignoreTaken);
    await makeRoom();
  }

  function slotOf({ tenantId, moduleId, packageManager, runtime }: PipelineModel): string {
    const key = digestOf({ tenantId, moduleId, packageManager, runtime: { ...runtime } });
    return join(root, key.replace("sha256:", ""));
  }

  async function makeRoom(): Promise<void> {
    const slots: { folder: string; usedAt: number; bytes: number }[] = [];
    for (const name of await readdir(root)) {
      const folder = join(root, name);
      const found = await stat(folder).catch(() => undefined);
      if (found !== undefined)
        slots.push({ folder, usedAt: found.mtimeMs, bytes: await sizeOf(folder, limits.all) });
    }
    let bytes = 0;
    for (const slot of slots.sort((a, b) => b.usedAt - a.usedAt)) {
      bytes += slot.bytes;
      if (bytes > limits.all) await removeFolder(slot.folder);
    }
  }
}

/** npm's downloads are verified by content, so every module may share the account's. */
function ownCaches({ caches, packageManager }: PipelineModel): PipelineModel["caches"] {
  return packageManager === "npm" ? [] : caches;
}

/** Counts no further than up to a limit. */
async function sizeOf(folder: string, limit: number): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += await sizeOf(path, limit - bytes);
    else if (entry.isFile()) bytes += (await stat(path).catch(() => ({ size: 0 }))).size;
    if (bytes > limit) break;
  }
  return bytes;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

/** Another run of the module has given one back meanwhile: one is enough. */
function ignoreTaken(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
}
