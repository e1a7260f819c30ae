/** How delivery goes: DORA's measures, how long approvals wait, and where releases are taken back. */
import { z } from "zod";
import {
  type Measures,
  measure,
  type ReleaseFacts,
  type RollbackHeat,
  rollbackHeat,
  type SeriesPoint,
  series,
} from "../../domain/insight/measure.ts";
import { refuse } from "../../domain/refusal.ts";
import { slug } from "../../domain/scope.ts";
import { teamsOf } from "../../domain/tenant/teams.ts";
import type { Tenant } from "../../domain/tenant/tenant.ts";
import type { Caller, System } from "../system.ts";
import { findTeam } from "./teams.ts";

const time = z.iso.datetime({ offset: true });

export const insightInput = z.object({
  /** Absent: 30 days before `to`. */
  from: time.optional(),
  /** Absent: now. */
  to: time.optional(),
  /** Absent: the last of tenant.yaml, which is where changes arrive. */
  environment: slug.optional(),
  moduleId: slug.optional(),
  sponsor: z.string().max(200).optional(),
  /** A team of tenant.yaml. */
  team: slug.optional(),
  bucket: z.enum(["day", "week"]).default("day"),
  /** What the measures are told apart by. */
  by: z.enum(["module", "sponsor", "team"]).default("module"),
});

export interface Insight {
  from: string;
  to: string;
  environment: string;
  /** Of everything together. */
  total: Measures;
  /**
   * Of each module, sponsor or team; those with most deployments first. What is of several teams counts for each of them,
   * and what is of none under an empty key.
   */
  groups: (Measures & { key: string })[];
  series: SeriesPoint[];
  rollbacks: RollbackHeat;
  /** Deliveries that wait for an approval in the environment now. */
  pendingApprovals: number;
  /** There were more releases than are counted, which are the newest. */
  truncated: boolean;
  /** Where each measure is defined. */
  definitions: string;
}

const dayMs = 24 * 60 * 60 * 1_000;
const longestDays = 400;
const mostReleases = 50_000;
const mostGroups = 200;

export async function getInsight(
  system: System,
  caller: Caller,
  input: z.output<typeof insightInput>,
): Promise<Insight> {
  const { tenantId } = caller;
  const { moduleId, sponsor, bucket, by } = input;
  const to = input.to === undefined ? system.clock.now() : new Date(input.to);
  const from = input.from === undefined ? new Date(to.getTime() - 30 * dayMs) : new Date(input.from);
  const lengthMs = to.getTime() - from.getTime();
  if (lengthMs <= 0 || lengthMs > longestDays * dayMs)
    throw refuse(
      "InputInvalid",
      `from: expected a time within ${longestDays} days before ${to.toISOString()}.`,
    );
  const tenant = await system.tenants.get(tenantId);
  const environment = input.environment ?? tenant.environments.at(-1)?.id ?? "";
  const filter = {
    ...{ tenantId, environment },
    ...(moduleId !== undefined && { moduleId }),
    ...(sponsor !== undefined && { sponsor }),
    ...(input.team !== undefined && { team: await findTeam(system, caller, input.team) }),
  };
  const period = { from: from.toISOString(), to: to.toISOString() };
  const [releases, counts] = await Promise.all([
    system.told.releases({ ...filter, ...period, limit: mostReleases + 1 }),
    system.board.counts(filter),
  ]);
  const counted = releases.slice(0, mostReleases);
  return {
    ...period,
    environment,
    total: measure(counted, period),
    groups: groupsOf(counted, period, keysBy(by, tenant)),
    series: series(counted, period, bucket),
    rollbacks: rollbackHeat(counted),
    pendingApprovals: counts["needs-approval"] ?? 0,
    truncated: releases.length > mostReleases,
    definitions: "docs/how-to/measure-delivery.md",
  };
}

function keysBy(
  by: z.output<typeof insightInput>["by"],
  { teams }: Tenant,
): (release: ReleaseFacts) => string[] {
  if (by !== "team") return ({ moduleId, sponsor }) => [by === "module" ? moduleId : sponsor];
  return (release) => {
    const found = teamsOf(teams, release);
    return found.length === 0 ? [""] : found;
  };
}

function groupsOf(
  releases: ReleaseFacts[],
  period: { from: string; to: string },
  keysOf: (release: ReleaseFacts) => string[],
): Insight["groups"] {
  const keyed = releases.flatMap((release) => keysOf(release).map((key) => ({ key, release })));
  const groups = Map.groupBy(keyed, ({ key }) => key);
  return [...groups]
    .map(([key, inside]) => ({
      key,
      ...measure(
        inside.map(({ release }) => release),
        period,
      ),
    }))
    .sort((a, b) => b.deployments - a.deployments || (a.key < b.key ? -1 : 1))
    .slice(0, mostGroups);
}
