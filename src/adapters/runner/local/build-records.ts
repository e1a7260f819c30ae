/** What was built from a commit: the report, and the lock file that dependencies were resolved to. */
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { digestOf } from "../../../domain/canonical-json.ts";
import { plainJson } from "../../../domain/json.ts";
import { stepsOf } from "../../../domain/pipeline/model-for.ts";
import type { PipelineModel } from "../../../domain/pipeline/pipeline-model.ts";
import type { StageReport, ToolVersion } from "../../../ports/pipeline-runner.ts";
import { privatePath } from "./private-folders.ts";

export interface BuildRecords {
  find(key: string): Promise<StageReport | undefined>;
  lockOf(key: string): Promise<string | undefined>;
  keep(key: string, report: StageReport, lock: string | undefined): Promise<void>;
}

/** The same commit and folder, built by the same steps with the same variables and tools. */
export function buildKey(
  { repository, commit, model }: { repository: string; commit: string; model: PipelineModel },
  toolchain: readonly ToolVersion[],
): string {
  const { folder, environment, prune } = model;
  const steps = stepsOf(model, "build");
  const made = { repository, commit, folder, environment, steps, prune, toolchain };
  return digestOf(plainJson(made)).replace("sha256:", "");
}

export function openBuildRecords(folder: string): BuildRecords {
  return {
    async find(key) {
      const text = await readIfThere(join(folder, `${key}.json`));
      return text === undefined ? undefined : (JSON.parse(text) as StageReport);
    },
    lockOf: (key) => readIfThere(join(folder, `${key}.lock`)),
    async keep(key, report, lock) {
      await mkdir(folder, { recursive: true });
      if (lock !== undefined) await writeWhole(folder, `${key}.lock`, lock);
      await writeWhole(folder, `${key}.json`, JSON.stringify(report));
    },
  };
}

/** The whole file or none of it, also when the machine stops. */
async function writeWhole(folder: string, name: string, content: string): Promise<void> {
  const draft = privatePath(folder);
  const handle = await open(draft, "wx");
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, join(folder, name));
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}
