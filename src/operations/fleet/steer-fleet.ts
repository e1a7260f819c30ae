/** Starts, pauses and shows a campaign. */
import { z } from "zod";
import type { Campaign } from "../../domain/fleet/campaign.ts";
import { refuse } from "../../domain/refusal.ts";
import { traceSlug } from "../../domain/scope.ts";
import type { Caller, System } from "../system.ts";
import { type FleetReport, reportOn } from "./fleet-report.ts";

const campaignId = traceSlug.optional();

export const applyFleetInput = z.object({
  campaignId,
  /** Upgrades under way at a time. */
  atOnce: z.int().min(1).max(100).optional(),
  perHour: z.int().min(1).max(10_000).optional(),
});
export const fleetInput = z.object({ campaignId });

/** Opens the upgrade pull requests of a planned or paused campaign, in the background and at its pace. */
export async function applyFleet(
  system: System,
  caller: Caller,
  input: z.output<typeof applyFleetInput>,
): Promise<FleetReport> {
  const campaign = await requireCampaign(system, caller, input.campaignId);
  if (campaign.status === "planning")
    throw refuse(
      "Conflict",
      `${campaign.campaignId} is still being planned.`,
      "See how far it is: connectsoft fleet status",
    );
  const { atOnce, perHour } = input;
  await system.fleet.update(campaign, {
    status: "running",
    ...(atOnce !== undefined && { atOnce }),
    ...(perHour !== undefined && { perHour }),
  });
  return await fleetStatus(system, caller, { campaignId: campaign.campaignId });
}

/** Starts no further upgrade; what was started goes on. */
export async function pauseFleet(
  system: System,
  caller: Caller,
  input: z.output<typeof fleetInput>,
): Promise<FleetReport> {
  const campaign = await requireCampaign(system, caller, input.campaignId);
  await system.fleet.update(campaign, { status: campaign.status === "done" ? "done" : "paused" });
  return await fleetStatus(system, caller, { campaignId: campaign.campaignId });
}

export async function fleetStatus(
  system: System,
  caller: Caller,
  input: z.output<typeof fleetInput>,
): Promise<FleetReport> {
  return await reportOn(system, await requireCampaign(system, caller, input.campaignId));
}

async function requireCampaign(
  { fleet }: System,
  { tenantId }: Caller,
  asked: string | undefined,
): Promise<Campaign> {
  const campaign = await fleet.get(tenantId, asked);
  if (campaign !== undefined) return campaign;
  throw refuse(
    "NotFound",
    asked === undefined ? `${tenantId} has no campaign yet.` : `There is no campaign ${asked}.`,
    "Begin one: connectsoft fleet plan",
  );
}
