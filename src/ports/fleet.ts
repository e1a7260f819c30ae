/** Campaigns of upgrades and their items, kept so that any process can go on where another one stopped. */
import type { Campaign, CampaignItem, CampaignStatus } from "../domain/fleet/campaign.ts";

export interface Fleet {
  create(campaign: Campaign, items: CampaignItem[]): Promise<void>;
  /** The named campaign, else the newest; undefined where there is none. */
  get(tenantId: string, campaignId?: string): Promise<Campaign | undefined>;
  /** By module. */
  items(campaign: Pick<Campaign, "tenantId" | "campaignId">): Promise<CampaignItem[]>;
  /** Campaigns that are being planned or run, of every tenant. */
  atWork(): Promise<Campaign[]>;
  update(
    campaign: Pick<Campaign, "tenantId" | "campaignId">,
    change: { status: CampaignStatus; atOnce?: number; perHour?: number },
  ): Promise<void>;
  setItem(campaign: Pick<Campaign, "tenantId" | "campaignId">, item: CampaignItem): Promise<void>;
  /** Runs a task while no other process advances the campaign on this host; false where one does. */
  alone(
    campaign: Pick<Campaign, "tenantId" | "campaignId">,
    host: string,
    task: () => Promise<void>,
  ): Promise<boolean>;
}
