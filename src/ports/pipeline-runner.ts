/**
 * Executes stages of the pipeline model on exactly one commit, and makes the artifact: build once, deploy
 * those bytes. A run is at least once; the same commit and stage give the same artifact digest, or the
 * first one that was kept.
 */
import type { PipelineModel, StageName } from "../domain/pipeline/pipeline-model.ts";

export interface StepReport {
  name: string;
  exitCode: number | null;
  /** Why it ended, where not by itself. */
  ended: "exited" | "timeout" | "cancelled" | "not-started";
  durationMs: number;
  /** The last lines that it printed, at most 64 KiB, secrets redacted. */
  output: string;
}

export interface StageReport {
  stage: StageName;
  status: "Success" | "Failed";
  commit: string;
  tree: string;
  durationMs: number;
  steps: StepReport[];
  /** Numbers read from the test runner's own report, where it could be read. */
  tests?: { total: number; passed: number; failed: number; skipped: number };
  /** Build only: digest of the release directory with its resolved dependencies. */
  artifact?: { digest: string; files: number; bytes: number };
}

export interface PipelineRunner {
  run(request: {
    repository: string;
    commit: string;
    /** The commit's tree, for the report. */
    tree: string;
    model: PipelineModel;
    stage: StageName;
    invocationId: string;
    signal: AbortSignal;
    /** Told as soon as a step starts or prints; for people who watch. */
    progress(line: string): void;
  }): Promise<StageReport>;
}

/** Release directories by digest, made by the runner and read by targets on the same host. */
export interface ArtifactStore {
  /** Absolute path of the release directory; refuses with NotFound, and with DigestMismatch where its bytes changed. */
  open(digest: string): Promise<string>;
  has(digest: string): Promise<boolean>;
}
