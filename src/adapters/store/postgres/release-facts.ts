/** What became of each release of a time, one row for each, for measures. */
import type { Pool } from "pg";
import type { ReleaseFacts } from "../../../domain/insight/measure.ts";
import type { ReleaseFactsQuery } from "../../../ports/told-events.ts";
import { createConditions } from "./conditions.ts";
import { ofTeam } from "./of-team.ts";

interface Row {
  release_id: string;
  environment: string;
  module_id: string;
  sponsor: string;
  committed_at: Date | null;
  asked_at: Date | null;
  approved_at: Date | null;
  deployed_at: Date | null;
  failed_at: Date | null;
  restored_at: Date | null;
}

const names = [
  "ApprovalRequested",
  "DeploymentCompleted",
  "DeploymentFailed",
  "RegressionDetected",
  "ReleaseApproved",
  "RollbackCompleted",
  "RollbackFailed",
  "RollbackTriggered",
];

/** Newest first. What a release did after the time is not looked at; a commit counts whenever it was. */
export async function releaseFacts(pool: Pool, query: ReleaseFactsQuery): Promise<ReleaseFacts[]> {
  const where = createConditions();
  where.add(query.tenantId, (at) => `t.tenant_id = ${at}`);
  where.add(names, (at) => `t.name = any(${at}::text[])`);
  where.add(query.from, (at) => `t.at >= ${at}::timestamptz`);
  where.add(query.to, (at) => `t.at < ${at}::timestamptz`);
  where.add(query.environment, (at) => `t.environment = ${at}`);
  where.add(query.moduleId, (at) => `t.module_id = ${at}`);
  const sponsor = query.sponsor === undefined ? "true" : `c.sponsor = ${where.value(query.sponsor)}`;
  const team = query.team === undefined ? "true" : ofTeam(where, query.team);
  const first = (...of: string[]) =>
    `min(t.at) filter (where t.name in (${of.map((name) => `'${name}'`).join(", ")}))`;
  const { rows } = await pool.query<Row>(
    `with releases as (
       select t.subject, t.release_id, t.environment, t.module_id, max(t.at) as newest,
              ${first("ApprovalRequested")} as asked_at, ${first("ReleaseApproved")} as approved_at,
              ${first("DeploymentCompleted")} as deployed_at,
              ${first("DeploymentFailed", "RegressionDetected", "RollbackFailed", "RollbackTriggered")} as failed_at,
              ${first("RollbackCompleted")} as restored_at
         from connectsoft.told_events t
        where ${where.text()} and t.release_id is not null and t.environment is not null
        group by t.subject, t.release_id, t.environment, t.module_id)
     select r.release_id, r.environment, r.module_id, c.sponsor, r.asked_at, r.approved_at, r.deployed_at, r.failed_at,
            r.restored_at, (select min(k.at) from connectsoft.told_events k
                             where k.subject = r.subject and k.name = 'CommitReady') as committed_at
       from releases r join connectsoft.delivery_cards c on c.subject = r.subject
      where ${sponsor} and ${team} order by r.newest desc limit ${where.value(query.limit)}`,
    where.values,
  );
  return rows.map(factsOf);
}

function factsOf(row: Row): ReleaseFacts {
  const times = {
    committedAt: row.committed_at,
    askedAt: row.asked_at,
    approvedAt: row.approved_at,
    deployedAt: row.deployed_at,
    failedAt: row.failed_at,
    restoredAt: row.restored_at,
  };
  const { release_id: releaseId, environment, module_id: moduleId, sponsor } = row;
  const known = Object.entries(times).flatMap(([name, at]) =>
    at === null ? [] : [[name, at.toISOString()]],
  );
  return { releaseId, environment, moduleId, sponsor, ...Object.fromEntries(known) };
}
