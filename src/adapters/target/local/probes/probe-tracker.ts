/**
 * Follows one probe over time. Until it is healthy for the first time it is shot more often than its
 * period, so that a fast start is seen as fast; it is never counted more often than its period, so that
 * thresholds keep Kubernetes' meaning.
 */
import type { Probe } from "../../../../domain/module/module-spec.ts";
import type { ProbeStatus } from "../../../../ports/target.ts";
import type { ProbeAnswer } from "./probe-answer.ts";

const firstDelayMs = 20;
const longestEarlyDelayMs = 250;
/** Shots of all instances fall on the same beats: waking up costs more than a shot. */
const beatMs = 50;

export class ProbeTracker {
  readonly status: ProbeStatus;
  private readonly probe: Probe;
  private readonly shoot: () => Promise<ProbeAnswer>;
  /** Called whenever a threshold is reached: success or failure in a row. */
  private readonly verdict: (healthy: boolean) => void;
  private inARow = { successes: 0, failures: 0 };
  private countedAtMs = Number.NEGATIVE_INFINITY;
  private earlyDelayMs: number;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    name: ProbeStatus["probe"],
    probe: Probe,
    on: { shoot: () => Promise<ProbeAnswer>; verdict: (healthy: boolean) => void },
  ) {
    this.status = { probe: name, healthy: false, successes: 0, failures: 0, last: "not tried yet" };
    this.probe = probe;
    this.shoot = on.shoot;
    this.verdict = on.verdict;
    // A command costs processes.
    this.earlyDelayMs = probe.exec === undefined ? firstDelayMs : longestEarlyDelayMs;
  }

  /** As many failures in a row as the threshold says. */
  get failing(): boolean {
    return this.inARow.failures >= this.probe.failureThreshold;
  }

  start(): void {
    this.timer = setTimeout(() => void this.turn(), this.probe.initialDelaySeconds * 1000);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async turn(): Promise<void> {
    const begunMs = performance.now();
    const answer = await this.shoot();
    if (this.stopped) return;
    this.status.last = answer.words;
    this.status.latencyMs = Math.round((performance.now() - begunMs) * 10) / 10;
    this.count(answer.ok, begunMs);
    if (!this.stopped) this.timer = setTimeout(() => void this.turn(), this.delay(begunMs));
  }

  private count(ok: boolean, atMs: number): void {
    const periodMs = this.probe.periodSeconds * 1000;
    const turnedWell = ok && this.inARow.successes === 0;
    // Timers fire a little early or late, and a period must not be lost to that.
    if (!turnedWell && atMs - this.countedAtMs < periodMs - Math.min(periodMs / 10, beatMs)) return;
    this.countedAtMs = atMs;
    if (ok) {
      this.status.successes += 1;
      this.inARow = { successes: this.inARow.successes + 1, failures: 0 };
      if (this.inARow.successes >= this.probe.successThreshold) this.decide(true);
    } else {
      this.status.failures += 1;
      this.inARow = { successes: 0, failures: this.inARow.failures + 1 };
      if (this.inARow.failures >= this.probe.failureThreshold) this.decide(false);
    }
  }

  private decide(healthy: boolean): void {
    this.status.healthy = healthy;
    this.verdict(healthy);
  }

  private delay(begunMs: number): number {
    const nowMs = performance.now();
    const periodMs = this.probe.periodSeconds * 1000;
    const dueMs = begunMs + periodMs;
    const restMs = Math.max(
      0,
      (periodMs < 10 * beatMs ? dueMs : Math.round(dueMs / beatMs) * beatMs) - nowMs,
    );
    if (this.status.healthy || this.inARow.successes > 0) return restMs;
    if (this.earlyDelayMs > longestEarlyDelayMs) return Math.min(restMs, longestEarlyDelayMs);
    const delayMs = this.earlyDelayMs;
    this.earlyDelayMs *= 2;
    return Math.min(restMs, delayMs);
  }
}
