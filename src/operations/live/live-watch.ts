/**
 * Looks after the releases that serve on this host: one that stays unhealthy for longer than its environment's policy
 * allows is a regression, told to its delivery once for each incident. What becomes well by itself is none.
 */

import { parseDuration } from "../../domain/flow/duration.ts";
import { nextUnhealthy, type Unhealthy } from "../../domain/live/unhealthy.ts";
import { effectivePolicy } from "../../domain/release/effective-policy.ts";
import { targetNames } from "../../domain/tenant/tenant.ts";
import type { Incident } from "../../ports/incidents.ts";
import type { LedgerEntry } from "../../ports/release-ledger.ts";
import type { LiveRelease } from "../../ports/target.ts";
import { fetchFlows } from "../find-delivery.ts";
import type { System } from "../system.ts";

export interface LiveWatch {
  /** One round. Rejects where the supervisor or the database is away: nothing is concluded from that. */
  look(): Promise<void>;
}

export function createLiveWatch(system: System, monotonicMs: () => number): LiveWatch {
  let unhealthy = new Map<string, Unhealthy>();
  /** Facts do not change, so each release is looked up once. */
  const entries = new Map<string, LedgerEntry>();
  /** Open incidents, by what runs here. */
  const reported = new Map<string, Incident>();

  async function look(): Promise<void> {
    const live = await survey();
    const nowMs = monotonicMs();
    const sightings = live.map((release) => {
      const trouble = troubleOf(release);
      return { key: keyOf(release), ...(trouble !== undefined && { trouble }) };
    });
    unhealthy = nextUnhealthy(unhealthy, sightings, nowMs);
    const byKey = new Map(live.map((release) => [keyOf(release), release]));
    for (const key of entries.keys()) if (!byKey.has(key)) entries.delete(key);
    for (const one of unhealthy.values()) {
      const release = byKey.get(one.key);
      if (release !== undefined && !reported.has(one.key)) await consider(release, one, nowMs);
    }
    await closeWhatIsOver();
  }

  async function survey(): Promise<LiveRelease[]> {
    try {
      const all = await Promise.all(targetNames.map((name) => system.targets[name].survey()));
      return all.flat();
    } catch (error) {
      // Nobody looked meanwhile, so nobody knows whether it went on.
      unhealthy = new Map();
      throw error;
    }
  }

  async function consider(release: LiveRelease, { key, sinceMs, trouble }: Unhealthy, nowMs: number) {
    const entry = await entryOf(key, release);
    if (entry === undefined) return;
    const policy = effectivePolicy(await system.tenants.get(entry.tenantId), {
      environment: entry.environment,
      moduleId: entry.moduleId,
      traceId: entry.traceId,
    });
    if (nowMs - sinceMs < (parseDuration(policy.rollback.unhealthyFor) ?? 0)) return;
    const { tenantId, releaseId } = entry;
    const since = new Date(system.clock.now().getTime() - (nowMs - sinceMs)).toISOString();
    const code = release.state === "serving" ? "Unhealthy" : "CrashLoop";
    const message = `${entry.moduleId} ${entry.version} (${releaseId}) is unhealthy in ${entry.environment} for ${Math.round((nowMs - sinceMs) / 1000)} s: ${trouble}`;
    const found = { tenantId, releaseId, since, reasons: [{ code, message }] };
    const incident = await report(system, entry, { found, restartCount: release.restartCount });
    if (incident !== undefined) reported.set(key, incident);
  }

  async function entryOf(key: string, release: LiveRelease): Promise<LedgerEntry | undefined> {
    const known = entries.get(key);
    if (known !== undefined) return known;
    const found = await system.ledger.findRunning(release);
    if (found !== undefined) entries.set(key, found);
    return found;
  }

  async function closeWhatIsOver(): Promise<void> {
    for (const [key, incident] of reported) {
      if (unhealthy.has(key)) continue;
      await system.incidents.close(incident);
      reported.delete(key);
    }
  }

  return { look };
}

/** Told where the delivery can act on it: the release is live there, and nothing is on its way. */
async function report(
  system: System,
  entry: LedgerEntry,
  { found, restartCount }: { found: Incident; restartCount: number },
): Promise<Incident | undefined> {
  const { engine, store, ledger } = system;
  const { tenantId, environment, releaseId } = entry;
  if ((await ledger.current(entry))?.releaseId !== releaseId) return undefined;
  const subject = await store.findByRelease(tenantId, releaseId);
  const record = subject === undefined ? undefined : await store.load(subject);
  const instance = record?.state.instances[environment];
  if (record === undefined || instance?.releaseId !== releaseId || instance.halted === true) return undefined;
  await fetchFlows(system, record);
  const flow = engine.flows.get(instance.flow.digest);
  const environments = record.handOver?.environments ?? [];
  const accepted = flow.accepts(instance.snapshot, { environments, environment });
  if (!flow.settled(instance.snapshot) || !accepted.includes("RegressionDetected")) return undefined;
  const incident = await system.incidents.open(found);
  const { since, reasons } = incident;
  await engine.append(record.subject, [
    {
      id: `regression.${releaseId}.${since}`,
      name: "RegressionDetected",
      source: "/engine",
      environment,
      releaseId,
      data: { releaseId, since, reasons, restartCount },
    },
  ]);
  return incident;
}

/** What is wrong with a release that has traffic, in one sentence; undefined where it is well. */
function troubleOf({ state, failing, reason }: LiveRelease): string | undefined {
  const [probe] = failing;
  if (state !== "serving") return reason ?? `it is ${state}`;
  return probe === undefined ? undefined : `its ${probe.probe} probe fails: ${probe.last}`;
}

function keyOf({ namespace, moduleId, releaseId }: LiveRelease): string {
  return `${namespace}/${moduleId}/${releaseId}`;
}
