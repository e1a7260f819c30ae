/** Begins a campaign: which modules it is about; looking at each of them goes on in the background. */
import { z } from "zod";
import type { Campaign, CampaignItem } from "../../domain/fleet/campaign.ts";
import { refuse } from "../../domain/refusal.ts";
import { slug } from "../../domain/scope.ts";
import { mintTrace } from "../mint-trace.ts";
import type { Caller, System } from "../system.ts";
import { type FleetReport, reportOn } from "./fleet-report.ts";

export const planFleetInput = z.object({
  reason: z.string().min(1).max(500).default("bring generated files up to date"),
  /** Absent: every module of the tenant. */
  modules: z.array(slug).max(10_000).optional(),
});

const mostModules = 10_000;
const usualPace = { atOnce: 5, perHour: 60 };

export async function planFleet(
  system: System,
  caller: Caller,
  input: z.output<typeof planFleetInput>,
): Promise<FleetReport> {
  const { tenantId, person } = caller;
  const running = await system.fleet.get(tenantId);
  if (running !== undefined && ["planning", "running"].includes(running.status))
    throw refuse(
      "Conflict",
      `${running.campaignId} is at work already (${running.status}); one campaign runs at a time.`,
      "Wait for it, or pause it: connectsoft fleet pause. See it: connectsoft fleet status.",
    );
  const items = await itemsOf(system, tenantId, input.modules);
  const campaign: Campaign = {
    tenantId,
    campaignId: (await mintTrace(system, tenantId)).replace(/^trace-/, "upgrade-"),
    reason: input.reason,
    status: "planning",
    ...usualPace,
    createdBy: person,
    createdAt: system.clock.now().toISOString(),
  };
  await system.fleet.create(campaign, items);
  return await reportOn(system, campaign);
}

async function itemsOf(
  { store }: System,
  tenantId: string,
  asked: string[] | undefined,
): Promise<CampaignItem[]> {
  const newest = await store.list({ tenantId, newestOfModule: true, limit: mostModules });
  const known = newest.map(({ subject }) => subject.moduleId);
  const unknown = asked?.filter((moduleId) => !known.includes(moduleId)) ?? [];
  if (unknown.length > 0)
    throw refuse(
      "NotFound",
      `${unknown.join(", ")}: no such module was ever handed over; ${tenantId} has ${known.slice(0, 10).join(", ") || "none"}.`,
      "Name modules that are there, or none for all of them.",
    );
  if (known.length === 0)
    throw refuse(
      "NotFound",
      `${tenantId} has no modules yet, so there is nothing to upgrade.`,
      "Hand one over first: connectsoft deliver <folder>",
    );
  const chosen = newest.filter(({ subject }) => asked?.includes(subject.moduleId) ?? true);
  const items: CampaignItem[] = [];
  for (const { subject } of chosen) {
    const host = (await store.load(subject))?.handOver?.host;
    if (host === undefined) continue;
    items.push({ moduleId: subject.moduleId, host, status: "unplanned", files: [], detail: "" });
  }
  return items;
}
