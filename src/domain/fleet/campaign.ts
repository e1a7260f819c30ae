/**
 * A campaign brings the generated files of a tenant's modules up to date after a template or policy changed: one
 * upgrade pull request a module, no more at a time and in an hour than was allowed.
 */

export type CampaignStatus = "planning" | "planned" | "running" | "paused" | "done";

/** `unplanned` until it was looked at; `touched`: an upgrade would change it. */
export type ItemStatus = "unplanned" | "touched" | "unchanged" | "unplannable" | "started";

export interface Campaign {
  tenantId: string;
  /** Also the trace of every upgrade that it starts. */
  campaignId: string;
  reason: string;
  status: CampaignStatus;
  /** Upgrades that may be under way at a time. */
  atOnce: number;
  /** Upgrades that may be started within any hour. */
  perHour: number;
  createdBy: string;
  /** ISO 8601. */
  createdAt: string;
}

export interface CampaignItem {
  moduleId: string;
  /** The host that holds the module's repository. */
  host: string;
  status: ItemStatus;
  files: { path: string; status: string }[];
  /** Why it cannot be planned, or what a person should know. */
  detail: string;
  /** ISO 8601. */
  startedAt?: string;
}

export interface Pace {
  /** Upgrades that were started and are not over. */
  underWay: number;
  /** When upgrades were started, ISO 8601. */
  startedAt: readonly string[];
  now: Date;
}

const hourMs = 3_600_000;

/** How many more upgrades may be started now. */
export function roomFor({ atOnce, perHour }: Pick<Campaign, "atOnce" | "perHour">, pace: Pace): number {
  const since = pace.now.getTime() - hourMs;
  const lately = pace.startedAt.filter((at) => Date.parse(at) > since).length;
  return Math.max(0, Math.min(atOnce - pace.underWay, perHour - lately));
}
