/** What a supervisor knows, as it is on disk. Secrets are not in it. */
import type { LogLimits } from "../../../../domain/environment/log-limits.ts";
import type { Command, Limits } from "../../../../domain/module/module-spec.ts";
import type { TargetName } from "../../../../domain/tenant/tenant.ts";
import type { NamedRelease } from "../../../../ports/target.ts";
import type { ReleaseTraffic } from "../router/router-control.ts";
import type { Identity } from "../runtimes/runtime.ts";
import type { ServiceSpec } from "./protocol.ts";

export interface State {
  version: 2;
  /** Of the supervisor that wrote it last: tables of a later one supersede its own. */
  generation: number;
  releases: ReleaseRecord[];
  /** By `<namespace>/<moduleId>`. */
  routes: Record<string, Share[]>;
  /** Releases without traffic that get the requests for which nothing with traffic is up; by `<namespace>/<moduleId>`. */
  standby?: Record<string, string[]>;
  /** The release that had most of a module's traffic last: while none has any, the module keeps its names; by `<namespace>/<moduleId>`. */
  lastServed?: Record<string, string>;
  /** One-off commands that were begun and have no result yet. */
  commands: CommandRecord[];
  /** Of all processes of a namespace, by its name. */
  limits?: Record<string, Limits>;
  /** How much of the output of each instance of a namespace is kept, by its name. */
  logs?: Record<string, LogLimits>;
  /** Where the router listened before it kept its port itself. */
  routerPort?: number;
}

export interface ReleaseRecord {
  spec: ServiceSpec;
  /** Digest of spec and environment: the same release asked for again is the same in every byte. */
  specDigest: string;
  runtime: TargetName;
  /** The release directory. */
  directory: string;
  wanted: "running" | "stopped";
  replicas: number;
  /** Unplanned ends of all its instances, also of those that are gone. */
  exits: number;
  instances: InstanceRecord[];
}

export interface InstanceRecord {
  index: number;
  /** Of its log, below the release's folder; empty: the release's folder itself, as an earlier version had it. */
  folder: string;
  phase: "starting" | "ready" | "stopped" | "crashed" | "failed";
  identity?: Identity;
  port?: number;
  /** Loopback address that it was found on: `127.0.0.1`, or `::1` for services that bind `localhost` there. */
  address?: string;
  startedAt?: string;
  startupTimeMs?: number;
  restartCount: number;
  /** Restarts since it last ran well for a while. */
  restartsInARow: number;
  exit?: { code: number | null; signal: string | null };
  exitedAt?: string;
  reason?: string;
}

/** A release's part of its module's traffic. */
export interface Share {
  releaseId: string;
  /** They add up to 100. */
  weight: number;
  since: string;
  /** Unplanned ends of its instances, and what the router had counted of it, when it took traffic. */
  exitsBefore: number;
  trafficBefore?: ReleaseTraffic;
}

export interface CommandRecord extends NamedRelease {
  id: string;
  runtime: TargetName;
  directory: string;
  run: Command;
  timeoutMs: number;
  startedAt: string;
  identity?: Identity;
}
