/** What can be done with upgrades of all modules. */
import { type Operation, operation } from "../operation.ts";
import { planFleet, planFleetInput } from "./plan-fleet.ts";
import { applyFleet, applyFleetInput, fleetInput, fleetStatus, pauseFleet } from "./steer-fleet.ts";

export const fleetOperations: Operation[] = [
  operation({
    name: "planFleet",
    summary: "Begins a campaign of upgrades: looks at every module, in the background, and changes nothing.",
    method: "POST",
    path: "/fleet/campaigns",
    input: planFleetInput,
    action: "rebuild",
    handle: planFleet,
  }),
  operation({
    name: "applyFleet",
    summary: "Opens the upgrade pull requests of a planned campaign, in the background and at its pace.",
    method: "POST",
    path: "/fleet/apply",
    input: applyFleetInput,
    action: "rebuild",
    handle: applyFleet,
  }),
  operation({
    name: "pauseFleet",
    summary: "Starts no further upgrade; what was started goes on.",
    method: "POST",
    path: "/fleet/pause",
    input: fleetInput,
    action: "rebuild",
    handle: pauseFleet,
  }),
  operation({
    name: "fleetStatus",
    summary: "Where a campaign is, module by module.",
    method: "GET",
    path: "/fleet/status",
    input: fleetInput,
    action: "view",
    handle: fleetStatus,
  }),
];
