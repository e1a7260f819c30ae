/** Campaigns and their items in PostgreSQL. */
import type { Pool } from "pg";
import type { Campaign, CampaignItem, CampaignStatus, ItemStatus } from "../../../domain/fleet/campaign.ts";
import type { Fleet } from "../../../ports/fleet.ts";

interface CampaignRow {
  tenant_id: string;
  campaign_id: string;
  reason: string;
  status: CampaignStatus;
  at_once: number;
  per_hour: number;
  created_by: string;
  created_at: Date;
}

interface ItemRow {
  module_id: string;
  host: string;
  status: ItemStatus;
  files: string;
  detail: string;
  started_at: Date | null;
}

const columns =
  "c.tenant_id, c.campaign_id, c.reason, c.status, c.at_once, c.per_hour, c.created_by, c.created_at";

export function createPostgresFleet(pool: Pool): Fleet {
  return {
    async create(campaign, items) {
      const { tenantId, campaignId, reason, status, atOnce, perHour, createdBy, createdAt } = campaign;
      // One statement: a campaign is there with all its items, or not at all.
      await pool.query(
        `with created as (
           insert into connectsoft.fleet_campaigns
             (tenant_id, campaign_id, reason, status, at_once, per_hour, created_by, created_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8) returning tenant_id, campaign_id)
         insert into connectsoft.fleet_items (tenant_id, campaign_id, module_id, host, status, files, detail)
         select created.tenant_id, created.campaign_id, i.module_id, i.host, i.status, i.files, i.detail
           from created, unnest($9::text[], $10::text[], $11::text[], $12::text[], $13::text[])
                as i (module_id, host, status, files, detail)`,
        [
          ...[tenantId, campaignId, reason, status, atOnce, perHour, createdBy, createdAt],
          items.map((item) => item.moduleId),
          items.map((item) => item.host),
          items.map((item) => item.status),
          items.map((item) => JSON.stringify(item.files)),
          items.map((item) => item.detail),
        ],
      );
    },
    async get(tenantId, campaignId) {
      const { rows } = await pool.query<CampaignRow>(
        `select ${columns} from connectsoft.fleet_campaigns c
          where c.tenant_id = $1 and ($2::text is null or c.campaign_id = $2)
          order by c.created_at desc, c.campaign_id desc limit 1`,
        [tenantId, campaignId ?? null],
      );
      return rows[0] && campaignOf(rows[0]);
    },
    async items({ tenantId, campaignId }) {
      const { rows } = await pool.query<ItemRow>(
        `select i.module_id, i.host, i.status, i.files, i.detail, i.started_at from connectsoft.fleet_items i
          where i.tenant_id = $1 and i.campaign_id = $2 order by i.module_id`,
        [tenantId, campaignId],
      );
      return rows.map(itemOf);
    },
    async atWork() {
      const { rows } = await pool.query<CampaignRow>(
        `select ${columns} from connectsoft.fleet_campaigns c
          where c.status in ('planning', 'running') order by c.created_at`,
      );
      return rows.map(campaignOf);
    },
    async update({ tenantId, campaignId }, { status, atOnce, perHour }) {
      await pool.query(
        `update connectsoft.fleet_campaigns c
            set status = $3, at_once = coalesce($4, c.at_once), per_hour = coalesce($5, c.per_hour)
          where c.tenant_id = $1 and c.campaign_id = $2`,
        [tenantId, campaignId, status, atOnce ?? null, perHour ?? null],
      );
    },
    async setItem({ tenantId, campaignId }, item) {
      await pool.query(
        `update connectsoft.fleet_items i
            set status = $4, files = $5, detail = $6, started_at = $7
          where i.tenant_id = $1 and i.campaign_id = $2 and i.module_id = $3`,
        [
          ...[tenantId, campaignId, item.moduleId, item.status],
          ...[JSON.stringify(item.files), item.detail, item.startedAt ?? null],
        ],
      );
    },
    alone: ({ tenantId, campaignId }, host, task) =>
      alone(pool, `fleet/${tenantId}/${campaignId}/${host}`, task),
  };
}

/** The lock ends with its connection, and so with its process. */
async function alone(pool: Pool, key: string, task: () => Promise<void>): Promise<boolean> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    const { rows } = await client.query<{ taken: boolean }>(
      "select pg_try_advisory_lock(hashtextextended($1, 0)) as taken",
      [key],
    );
    if (rows[0]?.taken !== true) return false;
    try {
      await task();
    } finally {
      await client
        .query("select pg_advisory_unlock(hashtextextended($1, 0))", [key])
        .catch((error: Error) => {
          broken = error;
        });
    }
    return true;
  } finally {
    client.release(broken);
  }
}

function campaignOf(row: CampaignRow): Campaign {
  return {
    tenantId: row.tenant_id,
    campaignId: row.campaign_id,
    reason: row.reason,
    status: row.status,
    atOnce: row.at_once,
    perHour: row.per_hour,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
  };
}

function itemOf(row: ItemRow): CampaignItem {
  return {
    moduleId: row.module_id,
    host: row.host,
    status: row.status,
    files: JSON.parse(row.files),
    detail: row.detail,
    ...(row.started_at !== null && { startedAt: row.started_at.toISOString() }),
  };
}
