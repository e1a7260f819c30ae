/**
 * Measures of delivery as DORA defines them (https://dora.dev/guides/dora-metrics-four-keys/), from what became of each
 * release. docs/how-to/measure-delivery.md says the same in words.
 */

/** One release in one environment. Times are ISO 8601. */
export interface ReleaseFacts {
  releaseId: string;
  environment: string;
  moduleId: string;
  sponsor: string;
  /** When what it brings was committed. */
  committedAt?: string;
  /** When approval was asked for first, and when it was approved. */
  askedAt?: string;
  approvedAt?: string;
  /** When it took the traffic and was well. */
  deployedAt?: string;
  /** When it needed somebody: it failed, got worse, or was taken back. */
  failedAt?: string;
  /** When the release before served again. */
  restoredAt?: string;
}

export interface Spread {
  p50: number;
  p90: number;
  /** Of how many. */
  count: number;
}

export interface Measures {
  /** Releases that took the traffic and were well. */
  deployments: number;
  /** A day of the time that was asked for. */
  deploymentsPerDay: number;
  /** From commit to serving, in milliseconds; null where nothing was deployed. */
  leadTimeMs: Spread | null;
  /** Deployments that needed somebody at once. */
  failures: number;
  /** Of all that were tried, 0 to 1; null where none was. */
  changeFailureRate: number | null;
  /** From a failure until the place serves well again, in milliseconds; null where nothing failed and recovered. */
  recoveryTimeMs: Spread | null;
  rollbacks: number;
  /** Of all that were tried, 0 to 1. */
  rollbackRate: number | null;
  /** From the request to the approval, in milliseconds. */
  approvalWaitMs: Spread | null;
}

export interface Period {
  from: string;
  to: string;
}

const dayMs = 24 * 60 * 60 * 1_000;

export function measure(releases: readonly ReleaseFacts[], period: Period): Measures {
  const deployed = releases.filter(({ deployedAt }) => deployedAt !== undefined);
  const failed = releases.filter(({ failedAt }) => failedAt !== undefined);
  const tried = releases.filter((one) => one.deployedAt !== undefined || one.failedAt !== undefined);
  const rolledBack = releases.filter(({ restoredAt }) => restoredAt !== undefined);
  const days = Math.max(1, (Date.parse(period.to) - Date.parse(period.from)) / dayMs);
  return {
    deployments: deployed.length,
    deploymentsPerDay: deployed.length / days,
    leadTimeMs: spread(deployed.flatMap(({ committedAt, deployedAt }) => between(committedAt, deployedAt))),
    failures: failed.length,
    changeFailureRate: rate(failed.length, tried.length),
    recoveryTimeMs: spread(recoveries(releases)),
    rollbacks: rolledBack.length,
    rollbackRate: rate(rolledBack.length, tried.length),
    approvalWaitMs: spread(releases.flatMap(({ askedAt, approvedAt }) => between(askedAt, approvedAt))),
  };
}

export interface SeriesPoint extends Measures {
  /** Begin of the day or week in UTC, ISO 8601. */
  at: string;
}

/** One for each day, or each week from Monday, of the period; those without any release, too. */
export function series(
  releases: readonly ReleaseFacts[],
  period: Period,
  bucket: "day" | "week",
): SeriesPoint[] {
  const lengthMs = bucket === "day" ? dayMs : 7 * dayMs;
  const buckets = Map.groupBy(releases, (one) => bucketOf(momentOf(one) ?? period.from, bucket));
  const points: SeriesPoint[] = [];
  for (let at = Date.parse(bucketOf(period.from, bucket)); at < Date.parse(period.to); at += lengthMs) {
    const begin = new Date(at).toISOString();
    const end = new Date(at + lengthMs).toISOString();
    points.push({ at: begin, ...measure(buckets.get(begin) ?? [], { from: begin, to: end }) });
  }
  return points;
}

export interface RollbackHeat {
  /** Module by week. */
  modules: { moduleId: string; week: string; rollbacks: number; tried: number }[];
  /** By weekday (1 is Monday) and hour in UTC. */
  hours: { weekday: number; hour: number; rollbacks: number }[];
}

/** Where and when releases were taken back; only what is not zero. */
export function rollbackHeat(releases: readonly ReleaseFacts[]): RollbackHeat {
  const tried = releases.filter((one) => momentOf(one) !== undefined);
  const cells = Map.groupBy(tried, (one) => `${one.moduleId} ${bucketOf(momentOf(one) ?? "", "week")}`);
  const taken = releases.flatMap(({ failedAt, restoredAt }) => {
    const at = restoredAt === undefined ? undefined : (failedAt ?? restoredAt);
    return at === undefined ? [] : [new Date(at)];
  });
  const hours = Map.groupBy(
    taken,
    (at) => `${at.getUTCDay() === 0 ? 7 : at.getUTCDay()} ${at.getUTCHours()}`,
  );
  return {
    modules: [...cells].flatMap(([key, inside]) => {
      const [moduleId = "", week = ""] = key.split(" ");
      const rollbacks = inside.filter(({ restoredAt }) => restoredAt !== undefined).length;
      return rollbacks === 0 ? [] : [{ moduleId, week, rollbacks, tried: inside.length }];
    }),
    hours: [...hours].map(([key, inside]) => {
      const [weekday = 0, hour = 0] = key.split(" ").map(Number);
      return { weekday, hour, rollbacks: inside.length };
    }),
  };
}

/** When it was deployed, or failed before that. */
function momentOf({ deployedAt, failedAt }: ReleaseFacts): string | undefined {
  return deployedAt ?? failedAt;
}

function bucketOf(time: string, bucket: "day" | "week"): string {
  const at = new Date(time);
  at.setUTCHours(0, 0, 0, 0);
  if (bucket === "week") at.setUTCDate(at.getUTCDate() - ((at.getUTCDay() + 6) % 7));
  return at.toISOString();
}

/** It is over when the release before serves again, or the next one does. */
function recoveries(releases: readonly ReleaseFacts[]): number[] {
  const places = Map.groupBy(releases, ({ environment, moduleId }) => `${environment}/${moduleId}`);
  return [...places.values()].flatMap((here) => {
    const served = here.flatMap(({ deployedAt }) => deployedAt ?? []).sort();
    return here.flatMap(({ failedAt, restoredAt }) => {
      if (failedAt === undefined) return [];
      const next = served.find((at) => at > failedAt);
      const ends = [restoredAt, next].filter((at) => at !== undefined).sort();
      return between(failedAt, ends[0]);
    });
  });
}

function between(from: string | undefined, to: string | undefined): number[] {
  if (from === undefined || to === undefined) return [];
  return [Math.max(0, Date.parse(to) - Date.parse(from))];
}

function rate(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** Nearest rank. */
function spread(values: readonly number[]): Spread | null {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  const [p50, p90] = [at(0.5), at(0.9)];
  return p50 === undefined || p90 === undefined ? null : { p50, p90, count: sorted.length };
}
