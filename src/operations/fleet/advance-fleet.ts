/**
 * Takes every campaign one step on: looks at some modules that nobody has looked at, starts as many upgrades as
 * there is room for. Called again and again by each process that works; where one stopped, the next goes on.
 */
import { type Campaign, type CampaignItem, roomFor } from "../../domain/fleet/campaign.ts";
import { RefusalError } from "../../domain/refusal.ts";
import type { System } from "../system.ts";
import { stateOf, upgradesOf } from "./fleet-report.ts";
import { planUpgrade, startUpgrade } from "./upgrade-module.ts";

/** Modules that are looked at before others get their turn. */
const atATime = 25;

export async function advanceFleet(system: System): Promise<void> {
  for (const campaign of await system.fleet.atWork())
    await system.fleet.alone(campaign, system.host, () =>
      campaign.status === "planning" ? plan(system, campaign) : run(system, campaign),
    );
}

async function plan(system: System, campaign: Campaign): Promise<void> {
  const items = await system.fleet.items(campaign);
  const open = items.filter(({ status }) => status === "unplanned");
  const here = open.filter(({ host }) => host === system.host).slice(0, atATime);
  for (const item of here) await system.fleet.setItem(campaign, await planned(system, campaign, item));
  if (open.length === here.length) await system.fleet.update(campaign, { status: "planned" });
}

/** A module that cannot be planned does not stop the others. */
async function planned(system: System, campaign: Campaign, item: CampaignItem): Promise<CampaignItem> {
  try {
    return { ...item, ...(await planUpgrade(system, campaign.tenantId, item.moduleId)) };
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    return { ...item, status: "unplannable", detail: error.message };
  }
}

async function run(system: System, campaign: Campaign): Promise<void> {
  const [items, deliveries] = await Promise.all([system.fleet.items(campaign), upgradesOf(system, campaign)]);
  const states = items.map((item) => stateOf(item, deliveries.get(item.moduleId)));
  const underWay = states.filter((state) => state === "upgrading" || state === "started").length;
  const waiting = items.filter((_item, index) => states[index] === "touched");
  if (waiting.length === 0 && underWay === 0) {
    await system.fleet.update(campaign, { status: "done" });
    return;
  }
  const startedAt = items.flatMap((item) => item.startedAt ?? []);
  const room = roomFor(campaign, { underWay, startedAt, now: system.clock.now() });
  const here = waiting.filter(({ host }) => host === system.host).slice(0, room);
  for (const item of here) await start(system, campaign, item);
}

/** Started and then noted: a kill in between starts nothing twice, as the trace and the module are its name. */
async function start(system: System, campaign: Campaign, item: CampaignItem): Promise<void> {
  const startedAt = system.clock.now().toISOString();
  try {
    await startUpgrade(system, campaign, item.moduleId);
    await system.fleet.setItem(campaign, { ...item, status: "started", startedAt });
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    await system.fleet.setItem(campaign, {
      ...item,
      status: "unplannable",
      detail: error.message,
      startedAt,
    });
  }
}
