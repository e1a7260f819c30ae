/**
 * One instance of a release: launched, probed, restarted while the release has traffic, adopted after a
 * supervisor's death, ended with everything that it started. What is reported of it is measured.
 */
import { EventEmitter } from "node:events";
import type { ProbeStatus, RunningInstance } from "../../../../ports/target.ts";
import { isListenedOn } from "../runtimes/process/listening-ports.ts";
import type { Exit, Identity, InstanceRuntime, Launch, Instance as Running } from "../runtimes/runtime.ts";
import type { Clock } from "./clock.ts";
import type { HealthListener, InstanceHealth } from "./instance-health.ts";
import { endInWords, viewInstance } from "./instance-words.ts";
import { backoffMs, crashLoop, restartsAfter } from "./restart-policy.ts";
import type { InstanceRecord } from "./state.ts";

const portAttempts = 3;

/** The release that it is one of. */
export interface InstanceHost {
  readonly runtime: InstanceRuntime;
  readonly clock: Clock;
  readonly terminationGraceMs: number;
  /** Everything that a runtime needs to know. */
  launchOf(record: InstanceRecord, purpose: "launch" | "adopt"): Promise<Launch>;
  /** Gives it a port, which nobody else was promised. */
  choosePort(record: InstanceRecord): Promise<void>;
  healthOf(record: InstanceRecord, launch: Launch, listener: HealthListener): InstanceHealth;
  /** Resolves when the record, as it is now, is on disk, or cannot be. */
  persist(): Promise<void>;
  hasTraffic(): boolean;
  /** It ended, and nobody wanted that. */
  ended(): void;
}

export class Instance extends EventEmitter<{ change: []; progress: [string] }> {
  readonly record: InstanceRecord;
  private readonly host: InstanceHost;
  private running: Running | undefined;
  private launching: Promise<void> = Promise.resolve();
  private health: InstanceHealth | undefined;
  private backoff: NodeJS.Timeout | undefined;
  private stopping: Promise<void> | undefined;
  /** Why we end it ourselves. */
  private cause: string | undefined;
  private portAttempt = 0;
  private leaving = false;
  /** It was ended on purpose; the news of it may come late. */
  private isEnded = false;
  private readySinceMs: number | undefined;

  constructor(record: InstanceRecord, host: InstanceHost) {
    super();
    this.setMaxListeners(0);
    this.record = record;
    this.host = host;
  }

  /** Whether requests may be sent to it now. */
  get isUp(): boolean {
    const { phase, identity } = this.record;
    return (
      phase === "ready" &&
      identity !== undefined &&
      !this.isEnding &&
      !this.leaving &&
      this.health?.isUnready !== true
    );
  }

  /** Launches it on the port of its record; what becomes of it shows in the record, and every change is told. */
  launch(): Promise<void> {
    this.launching = this.tryLaunch().catch((error) =>
      this.exited({ code: null, signal: null }, `it cannot be launched: ${String(error)}`),
    );
    return this.launching;
  }

  /** Launches it again: it served when it ended, or when its supervisor did. */
  async relaunch(): Promise<void> {
    const { record } = this;
    record.phase = "crashed";
    record.restartCount += 1;
    record.restartsInARow += 1;
    await this.host.choosePort(record);
    delete record.address;
    // Where the disk is full it serves all the same: its marker tells the next supervisor what it is.
    await this.host.persist();
    if (!this.isEnding) await this.launch();
  }

  /** Goes on with what an earlier supervisor launched; false where it is gone. */
  async adopt(identity: Identity): Promise<boolean> {
    const { record, host } = this;
    const launch = await host.launchOf(record, "adopt");
    this.running = await host.runtime.adopt(identity, launch, (exit) => this.exited(exit));
    if (this.running === undefined) return false;
    record.identity = identity;
    this.health = this.watchHealth(launch);
    if (record.phase === "ready") {
      this.readySinceMs = host.clock.bornMs(identity);
      this.health.watchRunning();
    } else this.health.watchStart(host.clock.bornMs(identity));
    return true;
  }

  /** It is to end, and gets no requests from now on. */
  leave(): void {
    this.leaving = true;
  }

  /** Ends it: SIGTERM, SIGKILL after the grace period. Resolves when nothing of it is left. */
  end(): Promise<void> {
    this.stopping ??= this.endAll().finally(() => {
      this.stopping = undefined;
    });
    return this.stopping;
  }

  /** Leaves it running for the next supervisor. */
  letGo(): void {
    this.quiet();
    clearTimeout(this.backoff);
    this.running?.letGo();
  }

  /** Why it counts as ill now; undefined where it does not. */
  unhealthy(): ProbeStatus | undefined {
    return this.health?.unhealthy();
  }

  /** In words, while it crashes again and again. */
  loop(): string | undefined {
    return crashLoop(this.record.restartsInARow, this.readyForMs());
  }

  view(): RunningInstance {
    const usage = this.record.identity === undefined ? undefined : this.running?.usage();
    return viewInstance(this.record, { healthStatus: this.health?.statuses() ?? [], usage });
  }

  private watchHealth(launch: Launch): InstanceHealth {
    return this.host.healthOf(this.record, launch, {
      progress: (line) => this.emit("progress", line),
      ready: (startupMs) => this.becameReady(startupMs),
      failed: (reason, { terminationGracePeriodSeconds: seconds }) =>
        this.endBecause(reason, seconds === undefined ? undefined : seconds * 1000),
      changed: () => this.emit("change"),
    });
  }

  /** Its probes succeeded for the first time since it was launched. */
  private becameReady(startupMs: number): void {
    const { record } = this;
    if (record.phase === "ready" || record.identity === undefined) return;
    record.phase = "ready";
    record.startupTimeMs = Math.round(startupMs);
    this.readySinceMs = this.host.clock.monotonicMs();
    delete record.reason;
    this.emit("progress", `ready after ${record.startupTimeMs} ms`);
    this.changed();
  }

  /** Ends it for a reason that was measured; what follows is as if it had ended by itself. */
  private endBecause(reason: string, graceMs?: number): void {
    if (this.cause !== undefined || this.running === undefined) return;
    this.cause = reason;
    this.quiet();
    void this.running.end(graceMs ?? this.host.terminationGraceMs);
  }

  private async tryLaunch(): Promise<void> {
    const { record, host } = this;
    const launch = await host.launchOf(record, "launch");
    if (this.isEnding) return;
    record.startedAt = host.clock.now().toISOString();
    this.cause = undefined;
    let over = false;
    const running = await host.runtime.launch(launch, (exit, cannotStart) => {
      over = true;
      this.exited(exit, cannotStart);
    });
    if (running === undefined || over) return;
    this.running = running;
    record.identity = running.identity;
    this.emit("progress", `started ${launch.command.join(" ")} on port ${record.port}`);
    this.health = this.watchHealth(launch);
    // An image may have had to be fetched first: its startup begins when it runs.
    this.health.watchStart(host.clock.monotonicMs());
    this.changed();
  }

  /** What follows its end depends on what it was doing. */
  private exited(exit: Exit, cannotStart?: string): void {
    const { record, host } = this;
    this.quiet();
    record.restartsInARow = restartsAfter(record.restartsInARow, this.readyForMs());
    this.readySinceMs = undefined;
    this.running = undefined;
    delete record.identity;
    record.exit = { code: exit.code, signal: exit.signal };
    record.exitedAt = host.clock.now().toISOString();
    if (this.isEnding) {
      this.changed();
      return;
    }
    host.ended();
    const wasStarting = record.phase === "starting";
    record.reason = this.cause ?? cannotStart ?? endInWords(exit, wasStarting);
    if (wasStarting) {
      this.failedToStart();
      return;
    }
    record.phase = "crashed";
    if (host.hasTraffic()) this.scheduleRelaunch();
    this.changed();
  }

  private failedToStart(): void {
    const { record } = this;
    this.portAttempt += 1;
    // Between our choice and its listening, another program may have taken the port.
    const taken = record.port !== undefined && isListenedOn(record.port);
    if (taken && this.portAttempt < portAttempts) {
      this.emit("progress", `port ${record.port} was taken meanwhile; trying again`);
      void this.host
        .choosePort(record)
        .then(() => this.host.persist())
        .then(() => this.launch());
      return;
    }
    record.phase = "failed";
    if (taken) record.reason += `; another program listens on port ${record.port}`;
    this.emit("progress", record.reason ?? "failed");
    this.changed();
  }

  private scheduleRelaunch(): void {
    const loop = this.loop();
    if (loop !== undefined) this.record.reason = `${loop}; ${this.record.reason}`;
    clearTimeout(this.backoff);
    this.backoff = setTimeout(() => {
      if (this.host.hasTraffic() && !this.isEnding) void this.relaunch();
    }, backoffMs(this.record.restartsInARow));
  }

  private async endAll(): Promise<void> {
    const { record } = this;
    this.quiet();
    clearTimeout(this.backoff);
    // What is being launched is ended as well.
    await this.launching;
    await this.running?.end(this.host.terminationGraceMs);
    this.running?.letGo();
    this.running = undefined;
    this.isEnded = true;
    delete record.identity;
    if (record.phase === "starting" || record.phase === "ready") record.phase = "stopped";
    this.changed();
  }

  private readyForMs(): number {
    return this.readySinceMs === undefined ? 0 : this.host.clock.monotonicMs() - this.readySinceMs;
  }

  private get isEnding(): boolean {
    return this.stopping !== undefined || this.isEnded;
  }

  private quiet(): void {
    this.health?.stop();
  }

  private changed(): void {
    this.emit("change");
    void this.host.persist();
  }
}
