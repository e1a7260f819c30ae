/** Where a campaign is: what each module's upgrade would change, and how far those are that were started. */

import { mainInstance } from "../../domain/delivery/delivery-state.ts";
import type { Campaign, CampaignItem } from "../../domain/fleet/campaign.ts";
import type { DeliverySummary } from "../../ports/engine-store.ts";
import type { System } from "../system.ts";

export type UpgradeState =
  | CampaignItem["status"]
  /** Started: its pull request is being made, built and tested; landed; waits for a person; gave way to a newer delivery. */
  | "upgrading"
  | "upgraded"
  | "failed"
  | "superseded";

export interface FleetReport {
  campaign: Campaign;
  modules: (CampaignItem & { state: UpgradeState; active: string[] })[];
}

export async function reportOn(system: System, campaign: Campaign): Promise<FleetReport> {
  const [items, deliveries] = await Promise.all([system.fleet.items(campaign), upgradesOf(system, campaign)]);
  const modules = items.map((item) => {
    const delivery = deliveries.get(item.moduleId);
    return { ...item, state: stateOf(item, delivery), active: delivery?.active[mainInstance] ?? [] };
  });
  return { campaign, modules };
}

const mostDeliveries = 10_000;

/** The campaign's deliveries by module: the campaign is their trace. */
export async function upgradesOf(
  { store }: Pick<System, "store">,
  { tenantId, campaignId }: Campaign,
): Promise<Map<string, DeliverySummary>> {
  const found = await store.list({ tenantId, traceId: campaignId, limit: mostDeliveries });
  return new Map(found.map((summary) => [summary.subject.moduleId, summary]));
}

export function stateOf(item: CampaignItem, delivery: DeliverySummary | undefined): UpgradeState {
  if (delivery === undefined) return item.status;
  if (delivery.phase === "superseded") return "superseded";
  if (delivery.phase === "cancelled") return "failed";
  const active = delivery.active[mainInstance] ?? [];
  if (active.includes("upgraded")) return "upgraded";
  return active.includes("upgrade_failed") ? "failed" : "upgrading";
}
