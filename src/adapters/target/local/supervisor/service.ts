/**
 * One release as a running service: launched, probed, restarted while it has traffic, adopted after a
 * supervisor's death, stopped with its whole process group. Everything that is reported of it is measured.
 */
import { EventEmitter, once } from "node:events";
import type { ProbeStatus, RunningRelease } from "../../../../ports/target.ts";
import { HealthWatch } from "../probes/health-watch.ts";
import { freePort, isListenedOn, listeningPorts } from "../runtimes/process/listening-ports.ts";
import { outputTail } from "../runtimes/read-output.ts";
import { markerVariable, type ProcessIdentity } from "../runtimes/process/process-identity.ts";
import { resolveCommand, serviceEnvironment } from "../runtimes/process/service-command.ts";
import {
  adoptProcess,
  type Exit,
  launchProcess,
  type ServiceProcess,
} from "../runtimes/process/service-process.ts";
import { RestartPolicy } from "./restart-policy.ts";
import { readEnvironment, type ServiceRecord } from "./state-file.ts";

const graceMs = 10_000;
const portAttempts = 3;

export interface ServiceHost {
  /** Folder of the release: logs and environment. */
  folder: string;
  /** Value of the marker variable in the process's environment. */
  marker: string;
  /** Resolves when the record, as it is now, is on disk. */
  persist(): Promise<void>;
  /** Ports that other services were promised. */
  takenPorts(): ReadonlySet<number>;
  hasTraffic(): boolean;
}

export class Service extends EventEmitter<{ change: []; progress: [string] }> {
  readonly record: ServiceRecord;
  private readonly host: ServiceHost;
  private readonly restarts = new RestartPolicy();
  private process: ServiceProcess | undefined;
  private health: HealthWatch | undefined;
  private backoff: NodeJS.Timeout | undefined;
  private deadline: NodeJS.Timeout | undefined;
  private stopping: Promise<void> | undefined;
  /** Why we end the process ourselves. */
  private cause: string | undefined;
  private portAttempt = 0;

  constructor(record: ServiceRecord, host: ServiceHost) {
    super();
    this.setMaxListeners(0);
    this.record = record;
    this.host = host;
  }

  /** Launches a process; what becomes of it shows in the record, and every change is told. */
  async launch(): Promise<void> {
    try {
      await this.tryLaunch();
    } catch (error) {
      this.exited({ code: null, signal: null }, `it cannot be launched: ${String(error)}`);
    }
  }

  /** Launches it again: it had traffic when it ended, or when its supervisor did. */
  async relaunch(): Promise<void> {
    this.record.phase = "crashed";
    this.record.restartCount += 1;
    this.restarts.restarted(performance.now());
    await this.launch();
  }

  /** Goes on with a process that an earlier supervisor launched. */
  async adopt(identity: ProcessIdentity): Promise<void> {
    const { record } = this;
    record.process = identity;
    this.process = adoptProcess(identity, this.host.folder, (exit) => this.exited(exit));
    this.health = this.watchHealth(await this.environment(), sinceMs(record.startedAt));
    if (record.phase === "ready") this.health.watchRunning();
    else this.health.start();
  }

  /** Ends the process group, for good: SIGTERM, SIGKILL after the grace period. Resolves when it is gone. */
  stop(): Promise<void> {
    this.record.wanted = "stopped";
    return this.suspend();
  }

  /** The same, until the next supervisor brings back what is wanted. */
  suspend(): Promise<void> {
    this.stopping ??= this.end().finally(() => {
      this.stopping = undefined;
    });
    return this.stopping;
  }

  /** Lets go without ending the process: for a supervisor that hands over. */
  letGo(): void {
    this.quiet();
    clearTimeout(this.backoff);
    this.process?.letGo();
  }

  /** Resolves when the release is not starting any more. */
  async settled(signal: AbortSignal): Promise<void> {
    while (this.record.phase === "starting") await once(this, "change", { signal });
  }

  state(): RunningRelease["state"] {
    if (this.record.phase !== "ready" || !this.host.hasTraffic()) return this.record.phase;
    return this.restarts.loop(performance.now()) === undefined ? "serving" : "crashed";
  }

  unhealthy(): ProbeStatus | undefined {
    return this.health?.unhealthy();
  }

  async view(): Promise<RunningRelease> {
    const { record } = this;
    const logTail = await outputTail(this.host.folder);
    return {
      releaseId: record.spec.releaseId,
      version: record.spec.version,
      artifact: record.spec.artifact,
      state: this.state(),
      traffic: this.host.hasTraffic(),
      restartCount: record.restartCount,
      healthStatus: this.health?.statuses() ?? [],
      ...(record.process === undefined ? {} : { pid: record.process.pid }),
      ...(record.process === undefined || record.port === undefined ? {} : { port: record.port }),
      ...(record.startedAt === undefined ? {} : { startedAt: record.startedAt }),
      ...(record.startupTimeMs === undefined ? {} : { startupTimeMs: record.startupTimeMs }),
      ...(record.exit === undefined ? {} : { exit: record.exit }),
      ...(record.reason === undefined ? {} : { reason: record.reason }),
      ...(logTail === undefined ? {} : { logTail }),
    };
  }

  private async tryLaunch(): Promise<void> {
    const { record, host } = this;
    record.port = await freePort(host.takenPorts());
    delete record.address;
    record.startedAt = new Date().toISOString();
    // The port and the wish are on disk before there is a process; its marker names it until its pid is, too.
    await host.persist();
    const environment = await this.environment();
    if (this.isEnding()) return;
    const launchedMs = performance.now();
    this.cause = undefined;
    this.process = launchProcess({
      command: resolveCommand(record.spec.start),
      directory: record.directory,
      environment,
      folder: host.folder,
      onExit: (exit, cannotStart) => this.exited(exit, cannotStart),
    });
    if (this.process === undefined) return;
    record.process = this.process.identity;
    this.emit("progress", `started ${record.spec.start.join(" ")} on port ${record.port}`);
    this.health = this.watchHealth(environment, launchedMs);
    this.health.start();
    this.changed();
  }

  private async environment(): Promise<Record<string, string>> {
    const { record, host } = this;
    return {
      ...serviceEnvironment(record.directory, await readEnvironment(host.folder)),
      [markerVariable]: host.marker,
      [record.spec.portVariable]: String(record.port),
    };
  }

  private watchHealth(environment: Record<string, string>, launchedMs: number): HealthWatch {
    const { record } = this;
    const subject = {
      port: record.port ?? 0,
      addresses: ["127.0.0.1", "::1"],
      directory: record.directory,
      environment,
      resolveCommand,
    };
    if (record.phase !== "ready") {
      const restMs = record.spec.startupTimeoutMs - (performance.now() - launchedMs);
      this.deadline = setTimeout(() => this.giveUp(launchedMs), Math.max(0, restMs));
    }
    return new HealthWatch(record.spec.probes, subject, {
      progress: (line) => this.emit("progress", line),
      ready: () => this.becameReady(launchedMs),
      startupFailed: () => this.giveUp(launchedMs),
      livenessFailed: (status) =>
        this.endBecause(`its liveness probe failed ${status.failures} times: ${status.last}`),
      changed: () => this.emit("change"),
      found: (address) => {
        record.address = address;
        subject.addresses = [address];
      },
    });
  }

  private becameReady(launchedMs: number): void {
    const { record } = this;
    if (record.phase === "ready" || record.process === undefined) return;
    clearTimeout(this.deadline);
    record.phase = "ready";
    record.startupTimeMs = Math.round(performance.now() - launchedMs);
    delete record.reason;
    this.emit("progress", `ready after ${record.startupTimeMs} ms`);
    this.changed();
  }

  /** The release did not become ready in its time: it ends, with the reason that was measured. */
  private giveUp(launchedMs: number): void {
    if (this.record.phase === "ready") return;
    this.endBecause(this.whyNotReady((performance.now() - launchedMs) / 1000));
  }

  private whyNotReady(seconds: number): string {
    const { address, port, spec, process } = this.record;
    const pending = this.health?.pending();
    const within = `within ${seconds.toFixed(1)} s`;
    if (address !== undefined || pending?.last !== "connection refused") {
      return `its ${pending?.probe} probe did not succeed ${within}: ${pending?.last}`;
    }
    const elsewhere = process === undefined ? [] : listeningPorts(process.pid);
    const where = elsewhere.length === 0 ? "" : `; it listens on ${elsewhere.join(", ")}`;
    return `it did not listen on port ${port} (${spec.portVariable}) ${within}${where}`;
  }

  private endBecause(reason: string): void {
    if (this.cause !== undefined || this.process === undefined) return;
    this.cause = reason;
    this.quiet();
    void this.process.end(graceMs);
  }

  /** The end of the process; what follows depends on what the release was doing. */
  private exited(exit: Exit, cannotStart?: string): void {
    const { record } = this;
    this.quiet();
    delete record.process;
    this.process = undefined;
    record.exit = exit;
    record.exitedAt = new Date().toISOString();
    if (this.isEnding()) {
      this.changed();
      return;
    }
    const wasStarting = record.phase === "starting";
    record.reason =
      this.cause ?? cannotStart ?? `it ended ${inWords(exit)}${wasStarting ? " before it was ready" : ""}`;
    if (wasStarting) {
      this.failedToStart();
      return;
    }
    record.phase = "crashed";
    if (this.host.hasTraffic()) this.scheduleRelaunch();
    this.changed();
  }

  private failedToStart(): void {
    const { record } = this;
    this.portAttempt += 1;
    // Between our choice and its listening, another program may have taken the port.
    if (record.port !== undefined && isListenedOn(record.port) && this.portAttempt < portAttempts) {
      this.emit("progress", `port ${record.port} was taken meanwhile; trying another`);
      void this.launch();
      return;
    }
    record.phase = "failed";
    this.emit("progress", record.reason ?? "failed");
    this.changed();
  }

  private scheduleRelaunch(): void {
    const nowMs = performance.now();
    const loop = this.restarts.loop(nowMs);
    if (loop !== undefined) this.record.reason = `${loop}; ${this.record.reason}`;
    clearTimeout(this.backoff);
    this.backoff = setTimeout(() => void this.relaunch(), this.restarts.backoffMs(nowMs));
  }

  private async end(): Promise<void> {
    const { record } = this;
    this.quiet();
    clearTimeout(this.backoff);
    await this.host.persist();
    await this.process?.end(graceMs);
    this.process?.letGo();
    this.process = undefined;
    delete record.process;
    if (record.phase === "starting" || record.phase === "ready") record.phase = "stopped";
    this.changed();
    await this.host.persist();
  }

  private isEnding(): boolean {
    return this.stopping !== undefined || this.record.wanted === "stopped";
  }

  private quiet(): void {
    clearTimeout(this.deadline);
    this.health?.stop();
  }

  private changed(): void {
    this.emit("change");
    void this.host.persist();
  }
}

/** When an earlier supervisor launched it, on this process's monotonic clock. */
function sinceMs(startedAt: string | undefined): number {
  return startedAt === undefined
    ? performance.now()
    : performance.now() - (Date.now() - Date.parse(startedAt));
}

function inWords(exit: Exit): string {
  if (exit.code !== null) return `with exit code ${exit.code}`;
  return exit.signal === null ? "by itself" : `by signal ${exit.signal}`;
}
