/** Modules that are containers, built to artifacts by the local runner as a delivery builds them. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { createArtifactStore } from "../../../src/adapters/runner/local/create-artifact-store.ts";
import { createLocalRunner } from "../../../src/adapters/runner/local/create-local-runner.ts";
import { createTestSource } from "../../../src/adapters/runner/local/test-source.ts";
import { inferModule } from "../../../src/domain/module/infer-module.ts";
import type { ModuleSpec } from "../../../src/domain/module/module-spec.ts";
import { modelFor } from "../../../src/domain/pipeline/model-for.ts";
import type { ArtifactStore } from "../../../src/ports/pipeline-runner.ts";

export interface ImageArtifact {
  module: ModuleSpec;
  digest: string;
  artifacts: ArtifactStore;
  /** The image as a layout. */
  directory: string;
}

export async function imageBuilder() {
  const place = await mkdtemp(join(tmpdir(), "connectsoft-image-"));
  const source = await createTestSource();
  return {
    /** Temporary, and gone with it. */
    place,
    /** In a store of that name. */
    async build(name: string, files: Record<string, string>): Promise<ImageArtifact> {
      const artifacts = createArtifactStore({ root: join(place, name, "artifacts") });
      const root = join(place, name, "runner");
      const runner = createLocalRunner({ root, sourceControl: source.sourceControl, artifacts });
      const paths = Object.keys(files);
      const module = inferModule({ files, paths, folderName: "pictures", overrides: {} });
      const about = { tenantId: "vetclinic-001", module, folder: "", targetBranch: "main", environments: [] };
      const { repository, commit, tree } = await source.commit(files);
      const report = await runner.run({
        ...{ repository, commit, tree, module, stage: "build" as const, invocationId: commit },
        model: modelFor(about),
        signal: new AbortController().signal,
        progress: () => {},
      });
      await runner.stop();
      expect(report.status, report.steps.map(({ output }) => output).join("\n")).toBe("Success");
      const digest = report.artifact?.digest ?? "";
      return { module, digest, artifacts, directory: await artifacts.open(digest) };
    },
    async dispose() {
      await source.stop();
      await rm(place, { recursive: true, force: true });
    },
  };
}
