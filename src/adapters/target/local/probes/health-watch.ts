/** The three probes of a running release in Kubernetes' order: startup first, then readiness and liveness beside each other. */
import type { Probe, Probes } from "../../../../domain/module/module-spec.ts";
import type { ProbeStatus } from "../../../../ports/target.ts";
import type { ProbeAnswer } from "./probe-answer.ts";
import { ProbeTracker } from "./probe-tracker.ts";
import { type ProbeSubject, shootProbe } from "./shoot-probe.ts";

/** Two probes that ask the same at the same moment share the answer. */
const sameMomentMs = 20;

export interface HealthEvents {
  progress(line: string): void;
  /** Readiness succeeded; told again whenever it succeeds again. */
  ready(): void;
  startupFailed(): void;
  livenessFailed(status: ProbeStatus): void;
  changed(): void;
  /** The loopback address that answered. */
  found(address: string): void;
}

export class HealthWatch {
  private readonly trackers: Record<ProbeStatus["probe"], ProbeTracker>;

  constructor(probes: Probes, subject: ProbeSubject, events: HealthEvents) {
    const shoot = sharing((probe) => shootAndTell(probe, subject, events));
    const track = (name: ProbeStatus["probe"], verdict: (healthy: boolean) => void) =>
      new ProbeTracker(name, probes[name], { shoot: () => shoot(probes[name]), verdict });
    const startup = track("startup", (healthy) => {
      startup.stop();
      if (!healthy) {
        events.startupFailed();
        return;
      }
      events.progress(`startup probe: ${startup.status.last}`);
      this.watchRunning();
    });
    const readiness = track("readiness", (healthy) => {
      if (healthy) events.ready();
      events.changed();
    });
    const liveness = track("liveness", (healthy) => {
      if (!healthy) events.livenessFailed(liveness.status);
      events.changed();
    });
    this.trackers = { startup, readiness, liveness };
  }

  start(): void {
    this.trackers.startup.start();
  }

  /** Without the startup probe: for a process that had passed it. */
  watchRunning(): void {
    this.trackers.readiness.start();
    this.trackers.liveness.start();
  }

  stop(): void {
    for (const tracker of Object.values(this.trackers)) tracker.stop();
  }

  statuses(): ProbeStatus[] {
    return Object.values(this.trackers).map((tracker) => ({ ...tracker.status }));
  }

  /** The first probe of the running release whose threshold of failures is reached. */
  unhealthy(): ProbeStatus | undefined {
    const { readiness, liveness } = this.trackers;
    return [readiness, liveness].find((tracker) => tracker.failing)?.status;
  }

  /** The probe that startup hangs on: the first that is not healthy. */
  pending(): ProbeStatus {
    const { startup, readiness } = this.trackers;
    return startup.status.healthy ? readiness.status : startup.status;
  }
}

function sharing(shoot: (probe: Probe) => Promise<ProbeAnswer>): (probe: Probe) => Promise<ProbeAnswer> {
  let last: { asks: string; atMs: number; answer: Promise<ProbeAnswer> } | undefined;
  return (probe) => {
    const { httpGet, tcpSocket, grpc, exec, timeoutSeconds } = probe;
    const asks = JSON.stringify([httpGet, tcpSocket, grpc, exec, timeoutSeconds]);
    const atMs = performance.now();
    if (last?.asks !== asks || atMs - last.atMs > sameMomentMs) last = { asks, atMs, answer: shoot(probe) };
    return last.answer;
  };
}

async function shootAndTell(probe: Probe, subject: ProbeSubject, events: HealthEvents): Promise<ProbeAnswer> {
  const answer = await shootProbe(probe, subject);
  if (answer.address !== undefined) events.found(answer.address);
  return answer;
}
