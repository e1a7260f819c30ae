/** An instance's probes, its deadline to become ready, and in words why it did not. */
import type { Probe, Probes } from "../../../../domain/module/module-spec.ts";
import type { ProbeStatus } from "../../../../ports/target.ts";
import { HealthWatch } from "../probes/health-watch.ts";
import { probeSubject } from "../probes/shoot-probe.ts";
import { listeningPorts } from "../runtimes/process/listening-ports.ts";
import type { InstanceRuntime, Launch } from "../runtimes/runtime.ts";
import type { Clock } from "./clock.ts";
import type { InstanceRecord } from "./state.ts";

export interface HealthOptions {
  record: InstanceRecord;
  probes: Probes;
  portVariable: string;
  startupTimeoutMs: number;
  launch: Launch;
  runtime: InstanceRuntime;
  clock: Clock;
}

export interface HealthListener {
  progress(line: string): void;
  /** It is ready, so long after it was launched. */
  ready(startupMs: number): void;
  /** It has to end, for this reason, and in the time that the probe gives it where it names one. */
  failed(reason: string, probe: Probe): void;
  /** A probe has come to a verdict. */
  changed(): void;
}

export class InstanceHealth {
  private readonly options: HealthOptions;
  private readonly listener: HealthListener;
  private readonly watch: HealthWatch;
  private deadline: NodeJS.Timeout | undefined;
  private launchedMs = 0;

  constructor(options: HealthOptions, listener: HealthListener) {
    this.options = options;
    this.listener = listener;
    const { record, launch, clock } = options;
    const subject = probeSubject(options.runtime, launch);
    this.watch = new HealthWatch(options.probes, subject, {
      progress: (line) => listener.progress(line),
      ready: () => {
        clearTimeout(this.deadline);
        listener.ready(clock.monotonicMs() - this.launchedMs);
      },
      startupFailed: () => this.giveUp(),
      livenessFailed: (status) =>
        listener.failed(
          `its liveness probe failed ${status.failures} times: ${status.last}`,
          options.probes.liveness,
        ),
      changed: () => listener.changed(),
      found: (address) => {
        record.address = address;
        subject.addresses = [address];
      },
    });
  }

  /** Readiness failed as often as its threshold says: it gets no requests until it succeeds again. */
  get isUnready(): boolean {
    return this.watch.unhealthy()?.probe === "readiness";
  }

  /** Of an instance that was launched at this time of the monotonic clock and is not ready yet. */
  watchStart(launchedMs: number): void {
    this.launchedMs = launchedMs;
    const restMs = this.options.startupTimeoutMs - (this.options.clock.monotonicMs() - launchedMs);
    this.deadline = setTimeout(() => this.giveUp(), Math.max(0, restMs));
    this.watch.start();
  }

  /** Of one that was ready before. */
  watchRunning(): void {
    this.watch.watchRunning();
  }

  stop(): void {
    clearTimeout(this.deadline);
    this.watch.stop();
  }

  unhealthy(): ProbeStatus | undefined {
    return this.watch.unhealthy();
  }

  statuses(): ProbeStatus[] {
    return this.watch.statuses();
  }

  /** It did not become ready in its time: it ends, with the reason that was measured. */
  private giveUp(): void {
    if (this.options.record.phase === "ready") return;
    const seconds = (this.options.clock.monotonicMs() - this.launchedMs) / 1000;
    this.listener.failed(this.whyNotReady(seconds), this.options.probes.startup);
  }

  private whyNotReady(seconds: number): string {
    const { address, port, identity } = this.options.record;
    const pending = this.watch.pending();
    const within = `within ${seconds.toFixed(1)} s`;
    if (address !== undefined || pending.last !== "connection refused") {
      return `its ${pending.probe} probe did not succeed ${within}: ${pending.last}`;
    }
    const elsewhere = identity === undefined ? [] : listeningPorts(identity.pid);
    const where = elsewhere.length === 0 ? "" : `; it listens on ${elsewhere.join(", ")}`;
    return `it did not listen on port ${port} (${this.options.portVariable}) ${within}${where}`;
  }
}
