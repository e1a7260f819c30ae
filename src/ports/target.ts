/**
 * A target runs releases behind a front door of its own. Every call may be repeated: applying the same twice
 * finds it done. A failed call leaves what served before serving, and traffic moves only to what is ready.
 */
import type { ObservedRelease } from "../domain/drift/compare-with-approved.ts";
import type { LogLimits } from "../domain/environment/log-limits.ts";
import type { Command, Limits, Probes, Protocol } from "../domain/module/module-spec.ts";
import type { TrafficLimits, TrafficStats } from "../domain/rollout/traffic.ts";
import type { ContainerEngine, ContainerRegistry } from "../domain/tenant/container-settings.ts";

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
  /** Host names that are the module's alone. */
  hosts: string[];
  /** Prefixes (`/bookings`) on hosts that modules share; the longest prefix wins, and it is not cut off. */
  paths?: { host: string; path: string }[];
  /** What the service speaks on its port; `http` where absent. */
  protocol?: Protocol;
  /** Resolved configuration and secrets; injected as environment variables, never on a command line, never logged. */
  environment: Record<string, string>;
  /** Names of the environment that are handed over as files, with `<NAME>_FILE` saying where; in files of their own, closed to others. */
  secretFiles?: string[];
  startupTimeoutMs: number;
  /** Instances of the release; 1 where absent. */
  replicas?: number;
  /** Of each instance. */
  limits?: Limits;
  /** The port that the service insists on, where it does not heed its variable: one instance of one release at a time. */
  fixedPort?: number;
  /** The same where each instance has a network of its own: any number of them at a time. */
  containerPort?: number;
  /** How long it may take to end after SIGTERM; 10 s where absent. */
  terminationGraceMs?: number;
  /** Where the target runs containers and the artifact is a release directory: the image that it is laid into. */
  image?: string;
  /** Where the target runs containers: this engine and no other. */
  engine?: ContainerEngine;
  /** Where the target runs containers: the registry that an artifact which is an image goes by. */
  registry?: ContainerRegistry;
  /** Where the artifact is an image: the digest of its manifest, as it was approved. */
  imageDigest?: string;
  /** Its signature (`supply-chain/ImageSignature.json`), for the registry that it goes by. */
  imageSignature?: string;
  /** `user:password` of the registry, for this call; not part of the release, and kept nowhere. */
  registryLogin?: string;
}

/** A module's place on the target, and one release there. */
export interface TargetPlace {
  namespace: string;
  moduleId: string;
}
export interface NamedRelease extends TargetPlace {
  releaseId: string;
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

/** Whether a limit holds, and what holds it: `memory 256 MiB: enforced by cgroup v2`, or why it is not. */
export interface Enforcement {
  limit: keyof Limits | "user" | "network";
  enforced: boolean;
  words: string;
}

export type ReleaseState = "starting" | "ready" | "serving" | "stopped" | "crashed" | "failed";

export interface RunningInstance {
  index: number;
  state: ReleaseState;
  pid?: number;
  port?: number;
  startedAt?: string;
  startupTimeMs?: number;
  restartCount: number;
  healthStatus: ProbeStatus[];
  exit?: { code: number | null; signal: string | null };
  reason?: string;
  /** Resident memory of all its processes, and how many there are. */
  memoryBytes?: number;
  processes?: number;
}

/** Measured, not assumed. What stands here beside `instances` is of the first instance, or of the one that failed. */
export interface RunningRelease {
  releaseId: string;
  version: string;
  artifact: string;
  state: ReleaseState;
  /** Whether any of the module's traffic goes to it, healthy or not. */
  traffic: boolean;
  /** Share of the module's traffic, 0 to 100; 100 where absent and `traffic`. */
  weight?: number;
  pid?: number;
  port?: number;
  url?: string;
  startedAt?: string;
  /** The slowest instance's. */
  startupTimeMs?: number;
  /** Of all instances together. */
  restartCount: number;
  healthStatus: ProbeStatus[];
  exit?: { code: number | null; signal: string | null };
  /** Why it is failed or crashed, one sentence with what was expected. */
  reason?: string;
  /** The last lines of its log, at most 8 KiB. */
  logTail?: string;
  instances?: RunningInstance[];
  /** Since the release last took traffic. */
  measured?: TrafficStats;
  enforcement?: Enforcement[];
}

/** How a release with traffic is, in short: for watching many of them. */
export interface LiveRelease extends NamedRelease {
  state: ReleaseState;
  /** Of all instances together. */
  restartCount: number;
  /** Probes of any instance that fail now. */
  failing: ProbeStatus[];
  reason?: string;
  /** How many of its instances take requests now, of how many; absent where the supervisor does not tell. */
  instances?: { ready: number; total: number };
}

export interface CommandResult {
  /** Null where a signal or the timeout ended it. */
  exitCode: number | null;
  timedOut: boolean;
  durationMs: number;
  /** Its last lines, at most 8 KiB. */
  output: string;
}

export interface LogLine {
  /** When the target read it, ISO 8601; absent where it was written before anybody watched. */
  at?: string;
  releaseId: string;
  instance: number;
  line: string;
}

export interface Watch {
  signal: AbortSignal;
  progress(line: string): void;
}

export interface Target {
  readonly name: string;
  /**
   * Starts a release beside what serves, with `replicas` instances (those of the spec where absent), and waits
   * until all are ready or one has failed; moves no traffic. Idempotent by releaseId: more or fewer instances
   * of a release that runs are started or ended.
   */
  start(spec: ReleaseSpec, watch: Watch, replicas?: number): Promise<RunningRelease>;
  /**
   * Refuses with Conflict what would keep a release from starting here even when nothing else of its module runs,
   * such as a fixed port that somebody else holds, and with RegistryUnavailable, DigestMismatch or SecretsMissing an
   * image that cannot be had: asked before what serves ends for it.
   */
  requireRoom(spec: ReleaseSpec): Promise<void>;
  /** Ends or starts instances of a release that was started; traffic drains first. 0 leaves none, and the release known. */
  scale(named: NamedRelease, replicas: number, watch: Watch): Promise<RunningRelease>;
  /**
   * Shares the module's traffic out by weight; releases that are not named get none, and an empty list leaves
   * the module without. Weights add up to 100; a release of weight 0 stands by: it has no traffic, and gets the
   * requests for which none of the others is up. Refuses with Conflict a release that is not ready. Idempotent.
   */
  route(place: TargetPlace, shares: { releaseId: string; weight: number }[]): Promise<RunningRelease[]>;
  /** Drains and stops a release; where it has the traffic, the module has none afterwards. Unknown or stopped: nothing to do. */
  retire(named: NamedRelease): Promise<void>;
  /** Every release that the target knows of for the module, those with traffic first, by weight. */
  list(place: TargetPlace): Promise<RunningRelease[]>;
  /** Follows a release under traffic for a window; resolves early at the first failure: crash, probe, or traffic beyond its limits. */
  verify(
    named: NamedRelease,
    window: { windowMs: number; limits?: TrafficLimits },
    signal: AbortSignal,
  ): Promise<RunningRelease>;
  /**
   * Runs a command in the release's directory with its environment, limits and user, beside its instances. The
   * same `id` of the same release again finds it running, or its result: it is not run twice.
   */
  run(
    spec: ReleaseSpec,
    command: { id: string; run: Command; timeoutMs: number },
    watch: Watch,
  ): Promise<CommandResult>;
  /**
   * How much of what each instance of a namespace writes is kept: from its next launch on, whatever launches it, and
   * after a restart of the target too. The usual where nothing was said.
   */
  keepLogs(namespace: string, limits: LogLimits): Promise<void>;
  /** Lines of its log, oldest first; with `follow` until the signal is aborted. All releases with traffic where none is named. */
  logs(
    place: TargetPlace & { releaseId?: string },
    options: { tail: number; follow: boolean },
    signal: AbortSignal,
  ): AsyncIterable<LogLine>;
  /** Every release with traffic that it runs on this host, whosever it is; cheap for hundreds. */
  survey(): Promise<LiveRelease[]>;
  /** Looks at the host: what differs from what was started. */
  observe(place: TargetPlace): Promise<ObservedRelease[]>;
  /** Ends everything of the module here and forgets it, logs included. Nothing there: nothing to do. */
  dismantle(place: TargetPlace): Promise<void>;
}
