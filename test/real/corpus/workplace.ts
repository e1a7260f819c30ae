/** What the corpus is tried with: real git, the real local runner, and downloads of tools kept between runs. */
import { mkdir, symlink } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  createArtifactStore,
  type LocalArtifactStore,
} from "../../../src/adapters/runner/local/create-artifact-store.ts";
import { createLocalRunner } from "../../../src/adapters/runner/local/create-local-runner.ts";
import {
  makePrivateFolder,
  removeFolder,
  sweepFolders,
} from "../../../src/adapters/runner/local/private-folders.ts";
import { createGitSourceControl } from "../../../src/adapters/source-control/git/git-source-control.ts";
import { inferModule } from "../../../src/domain/module/infer-module.ts";
import type { ModuleSpec } from "../../../src/domain/module/module-spec.ts";
import { modelFor } from "../../../src/domain/pipeline/model-for.ts";
import type { PipelineModel } from "../../../src/domain/pipeline/pipeline-model.ts";
import { isDescribing } from "../../../src/domain/stack/stacks.ts";
import type { PipelineRunner, StageReport } from "../../../src/ports/pipeline-runner.ts";
import type { SourceControl } from "../../../src/ports/source-control.ts";
import { goSeed, runnerRoot } from "../support/go-seed.ts";
import type { CorpusModule } from "./corpus-module.ts";
import { corpusCache } from "./fetch/archive.ts";
import { fetchModule } from "./fetch/fetch-module.ts";

export interface Workplace {
  artifacts: LocalArtifactStore;
  /** Fetches, imports as a hand-over does, and commits. */
  commit(of: CorpusModule): Promise<Committed>;
  /** Refuses as a hand-over would. */
  recognise(of: CorpusModule, committed: Committed): Promise<ModuleSpec>;
  run(stage: "build" | "test", delivered: Delivered): Promise<StageReport>;
  /** A folder of its own, which goes with the workplace. */
  scratch(name: string): Promise<string>;
  close(): Promise<void>;
}

export interface Committed {
  repository: string;
  commit: string;
  tree: string;
}

export interface Delivered {
  committed: Committed;
  module: ModuleSpec;
  model: PipelineModel;
}

const environments = [
  { name: "staging", requiresApproval: false },
  { name: "production", requiresApproval: true },
];

export function modelOf(module: ModuleSpec): PipelineModel {
  return modelFor({ tenantId: "corpus", module, folder: "", targetBranch: "main", environments });
}

/** Beside the cache, as what tools downloaded is taken from there by renaming it. */
export async function openWorkplace(): Promise<Workplace> {
  const cache = corpusCache();
  await mkdir(join(cache, "tools"), { recursive: true });
  const work = join(cache, "work");
  await mkdir(work, { recursive: true });
  await sweepFolders(work, new Date());
  const place = await makePrivateFolder(work);
  const root = await runnerRoot(join(place, "runner"));
  await symlink(join(cache, "tools"), join(root, "caches"));
  const sourceControl = createGitSourceControl({ root: join(place, "repositories") });
  const artifacts = createArtifactStore({ root: join(place, "artifacts") });
  const runner = createLocalRunner({ root, sourceControl, artifacts, goSeed });
  const scratch = async (name: string) => {
    const folder = join(place, "scratch", name);
    await mkdir(folder, { recursive: true });
    return folder;
  };
  return {
    artifacts,
    scratch,
    commit: async (of) => commitTo(sourceControl, of, await fetchModule(of.origin, await scratch(of.name))),
    recognise: (of, committed) => recognise(sourceControl, of, committed),
    run: (stage, delivered) => runStage(runner, stage, delivered),
    close: () => removeFolder(place),
  };
}

async function commitTo(
  sourceControl: SourceControl,
  { name, origin }: CorpusModule,
  folder: string,
): Promise<Committed> {
  const repository = `corpus/${origin.registry.toLowerCase()}-${name.replaceAll("_", "-")}`;
  const { tree } = await sourceControl.importFolder({ repository, folder });
  const committed = await sourceControl.commit({
    repository,
    branch: "main",
    base: "main",
    content: { tree },
    subject: `feat: add ${name}`,
    trailers: { "Module-Id": name },
    author: { name: "Corpus", email: "corpus@example.invalid" },
    at: "2026-01-01T00:00:00Z",
    invocationId: name,
  });
  return { repository, commit: committed.commit, tree: committed.tree };
}

async function recognise(
  sourceControl: SourceControl,
  { name, overrides = {} }: CorpusModule,
  { repository, tree }: Committed,
): Promise<ModuleSpec> {
  const paths = await sourceControl.listFiles(repository, tree);
  const files = await sourceControl.readFiles(repository, tree, paths.filter(isDescribing));
  return inferModule({ files, paths, folderName: basename(name), overrides });
}

function runStage(
  runner: PipelineRunner,
  stage: "build" | "test",
  { committed, module, model }: Delivered,
): Promise<StageReport> {
  const { signal } = new AbortController();
  return runner.run({ ...committed, model, module, stage, invocationId: module.id, signal, progress() {} });
}
