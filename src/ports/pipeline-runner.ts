/**
 * Executes stages of the pipeline model on exactly one commit, and makes the artifact: build once, deploy
 * those bytes. A run is at least once; the same commit and stage give the same artifact digest, or the
 * first one that was kept.
 */
import type { Coverage } from "../domain/evidence/coverage.ts";
import type { FailedCase } from "../domain/evidence/junit.ts";
import type { ModuleSpec } from "../domain/module/module-spec.ts";
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

/** A program that the steps used: what it said of its version, and what the module asked for where that differs. */
export interface ToolVersion {
  name: string;
  version: string;
  wanted?: string;
}

/** A file that the test run left and that was read as evidence. */
export interface ReadReport {
  path: string;
  kind: "junit" | Coverage["format"];
  /** `sha256:` and 64 hexadecimal digits. */
  digest: string;
  bytes: number;
}

/** A file of the built tree that says what was resolved, for the SBOM. */
export interface InventoryFile {
  path: string;
  text: string;
}

export interface StageReport {
  stage: StageName;
  status: "Success" | "Failed";
  commit: string;
  tree: string;
  durationMs: number;
  /** ISO 8601; of the run that made the artifact where that was earlier. */
  startedAt?: string;
  finishedAt?: string;
  steps: StepReport[];
  /** The build stage's steps, where a later stage had to make its own tree. */
  preparation?: StepReport[];
  /** The language first, then package managers, as far as steps used them. */
  toolchain?: ToolVersion[];
  /** Whether steps other than those that resolve dependencies could reach more than this host: `off`, or `on (why)`. */
  network?: string;
  /** `at most 4096`, or `not limited (why)`. */
  processes?: string;
  /** Numbers from the test runner's own reports, else from what it printed; absent where neither could be read. */
  tests?: { total: number; passed: number; failed: number; skipped: number; failures?: FailedCase[] };
  coverage?: Coverage;
  reports?: ReadReport[];
  /** What a person should know of the reports and of the run: a file that cannot be read, another version of a tool. */
  notes?: string[];
  /** Build only: digest of the release directory with its resolved dependencies. */
  artifact?: {
    digest: string;
    files: number;
    bytes: number;
    /** Digest of the manifest, where the artifact is an image (OCI image layout). */
    image?: string;
  };
  /** Build only, where `module` was given: at most 16 MiB in all, and a note says what was left out. */
  inventory?: InventoryFile[];
}

export interface RunRequest {
  repository: string;
  commit: string;
  /** The commit's tree, for the report. */
  tree: string;
  model: PipelineModel;
  /** What is left out of the artifact and listed in the inventory depends on it. */
  module?: ModuleSpec;
  stage: StageName;
  invocationId: string;
  /** Variables of the module's own steps whose values are masked wherever they are printed. */
  secrets?: Record<string, string>;
  signal: AbortSignal;
  /** Told as soon as a step starts or prints; for people who watch. A flood is cut. */
  progress(line: string): void;
}

export interface PipelineRunner {
  /** Refuses with Unavailable, naming the program, where a tool of the module's language is not on this host. */
  run(request: RunRequest): Promise<StageReport>;
}

/** Release directories by digest, made by the runner and read by targets on the same host. */
export interface ArtifactStore {
  /** Absolute path of the release directory; refuses with NotFound, and with DigestMismatch where its bytes changed. */
  open(digest: string): Promise<string>;
  has(digest: string): Promise<boolean>;
  /**
   * Digest of its bytes as they are now; undefined where it is gone. Bytes are read again when times or sizes of
   * files have changed, and every ten minutes in any case.
   */
  digestNow(digest: string): Promise<string | undefined>;
  /** Keeps a second copy, for `restore`; there already, gone or changed: nothing to do. */
  secure(digest: string): Promise<void>;
  /** Puts the approved bytes back where they were changed or removed; refuses with NotFound where no copy was kept. */
  restore(digest: string): Promise<void>;
  /** Removes all that is not in `keep` and was not made or asked for within `olderThanMs`, second copies included. */
  collect(
    keep: ReadonlySet<string>,
    options: { olderThanMs: number },
  ): Promise<{ removed: string[]; kept: number }>;
}
