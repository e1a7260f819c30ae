/**
 * A target runs releases. Applying the same release twice finds it running; a failed apply leaves what
 * served before serving. Traffic moves only after the new release is ready.
 */
import type { Command, Probes } from "../domain/module/module-spec.ts";

export interface ReleaseSpec {
  namespace: string;
  moduleId: string;
  releaseId: string;
  version: string;
  /** Digest of the release directory: these bytes and no others. */
  artifact: string;
  start: Command;
  portVariable: string;
  probes: Probes;
  /** Host names and path that the router answers with this module. */
  hosts: string[];
  /** Resolved configuration and secrets; injected as environment variables, never on a command line, never logged. */
  environment: Record<string, string>;
  startupTimeoutMs: number;
}

export interface ProbeStatus {
  probe: "startup" | "readiness" | "liveness";
  healthy: boolean;
  successes: number;
  failures: number;
  /** The last answer in words: `HTTP 200`, `connection refused`, `timeout after 1 s`. */
  last: string;
  /** How long the last answer took. */
  latencyMs?: number;
}

/** Measured, not assumed. */
export interface RunningRelease {
  releaseId: string;
  version: string;
  artifact: string;
  state: "starting" | "ready" | "serving" | "stopped" | "crashed" | "failed";
  /** Whether the module's traffic goes to it, healthy or not. */
  traffic: boolean;
  pid?: number;
  port?: number;
  url?: string;
  startedAt?: string;
  startupTimeMs?: number;
  restartCount: number;
  healthStatus: ProbeStatus[];
  exit?: { code: number | null; signal: string | null };
  /** Why it is failed or crashed, one sentence with what was expected. */
  reason?: string;
  /** The last lines of its log, at most 8 KiB. */
  logTail?: string;
}

export interface Target {
  readonly name: string;
  /** Starts a release beside what serves and waits until it is ready or has failed; moves no traffic. Idempotent by releaseId. */
  start(
    spec: ReleaseSpec,
    watch: { signal: AbortSignal; progress(line: string): void },
  ): Promise<RunningRelease>;
  /** Moves the module's traffic to a ready release; the one before keeps running until `retire`. Idempotent. */
  switchTraffic(namespace: string, moduleId: string, releaseId: string): Promise<RunningRelease>;
  /** Drains and stops a release; where it has the traffic, the module has none afterwards. Unknown or stopped: nothing to do. */
  retire(namespace: string, moduleId: string, releaseId: string): Promise<void>;
  /** Every release that the target knows of for the module, the serving one first. */
  list(namespace: string, moduleId: string): Promise<RunningRelease[]>;
  /** Follows the serving release for a window; resolves early at the first failure. */
  verify(
    namespace: string,
    moduleId: string,
    releaseId: string,
    windowMs: number,
    signal: AbortSignal,
  ): Promise<RunningRelease>;
}
