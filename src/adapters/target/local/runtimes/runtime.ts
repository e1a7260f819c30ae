/**
 * What an instance of a release runs as: a process, a container or a systemd unit. The supervisor decides
 * what runs, probes it, restarts it and routes to it; a runtime launches, finds again and ends.
 */
import type { LogLimits } from "../../../../domain/environment/log-limits.ts";
import type { Command, Limits } from "../../../../domain/module/module-spec.ts";
import type { ContainerEngine, ContainerRegistry } from "../../../../domain/tenant/container-settings.ts";
import type { Enforcement } from "../../../../ports/target.ts";

export interface Launch {
  /** `<directory of the supervisor>|<namespace>/<moduleId>/<releaseId>#<index>`: one instance on this host, findable from outside. */
  marker: string;
  namespace: string;
  moduleId: string;
  /** The release directory, read-only. */
  directory: string;
  command: Command;
  /** What the release was given, the port variable and the marker included; the runtime adds PATH, HOME and TMPDIR. */
  environment: Record<string, string>;
  /** Secrets that it reads from files (`secret-files.ts`), by name; the environment says where they are. */
  secretFiles?: Record<string, string>;
  /** The port that was chosen for it on the loopback. */
  port: number;
  /** The port that it listens on in a network of its own, where that is another. */
  containerPort?: number;
  limits: Limits;
  /** Image of a container runtime, where the release names one. */
  image?: string;
  /** Of a container runtime: this engine and no other. */
  engine?: ContainerEngine;
  /** Of a container runtime: what an image that was built goes by, and with which login (`user:password`) where that is at hand. */
  registry?: ContainerRegistry;
  registryLogin?: string;
  /** Of an image that was built: its manifest's digest, as it was approved, and its signature. */
  imageDigest?: string;
  imageSignature?: string;
  /** The instance's own folder: its output (`log-files.ts`), which is written without the supervisor in between, and its HOME. */
  folder: string;
  /** How much of its output is kept; the usual where absent. */
  logs?: LogLimits;
}

export type Provision = Pick<
  Launch,
  | "moduleId"
  | "directory"
  | "image"
  | "engine"
  | "registry"
  | "registryLogin"
  | "imageDigest"
  | "imageSignature"
>;

export interface Exit {
  code: number | null;
  signal: string | null;
  /** The kernel ended it for its memory, or another limit, as far as that can be told. */
  because?: string;
}

/** JSON that names a running instance, so that the next supervisor finds the same one: never another that got its number. */
export type Identity = { pid: number; startTime: string; unit?: string; container?: string };

export interface Instance {
  readonly identity: Identity;
  /** SIGTERM, then SIGKILL after the grace period, to all of its processes; resolves when nothing of it is left. */
  end(graceMs: number): Promise<void>;
  /** Follows it no more, and leaves it running. */
  letGo(): void;
  /** Memory and processes now; undefined where it cannot be read. */
  usage(): { memoryBytes: number; processes: number } | undefined;
}

export interface InstanceRuntime {
  readonly name: "process" | "container" | "systemd";
  /** Why this host cannot run it, in one sentence; undefined where it can. */
  unavailable(wants?: Pick<Launch, "engine">): Promise<string | undefined>;
  /**
   * Gets what a launch needs from elsewhere, before anything ends or begins for it; refuses with what is in the way.
   * There already: nothing to do.
   */
  prepare?(launch: Provision, progress: (line: string) => void): Promise<void>;
  /** `onExit` is called once, also where it cannot be started at all (`cannotStart` says why). */
  launch(launch: Launch, onExit: (exit: Exit, cannotStart?: string) => void): Promise<Instance | undefined>;
  /** Goes on with an instance that an earlier supervisor launched; undefined where it is gone. */
  adopt(identity: Identity, launch: Launch, onExit: (exit: Exit) => void): Promise<Instance | undefined>;
  /** Instances whose marker begins so (with the whole directory), wherever they came from: by whole marker. */
  find(markerPrefix: string): Promise<Map<string, Identity>>;
  /** Ends what `find` found and nobody wants. */
  kill(identity: Identity): Promise<void>;
  /** Runs a command as an instance would run it, and waits: probes, migrations, checks. */
  exec(
    launch: Launch,
    options: { timeoutMs: number; signal: AbortSignal; output: (chunk: Buffer) => void },
  ): Promise<Exit & { timedOut: boolean }>;
  /** No release of this directory is left: what was made of it outside of the directory goes. */
  discard?(directory: string): Promise<void>;
  /** Bounds all instances of a namespace together; what holds of it. Absent limits are lifted. */
  limitNamespace?(directory: string, namespace: string, limits: Limits): Promise<Enforcement[]>;
  /** What of these limits holds for an instance on this host, and by what. */
  enforcement(launch: Launch): Enforcement[];
}
