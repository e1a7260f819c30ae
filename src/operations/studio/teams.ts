/** Teams that lists and figures are told apart by. */
import { refuse } from "../../domain/refusal.ts";
import type { Team } from "../../domain/tenant/teams.ts";
import type { Caller, System } from "../system.ts";

export interface TeamView {
  team: string;
  /** What they hand over is the team's. */
  members: string[];
  /** Names of modules, with `*` for any part of one. */
  modules: string[];
}

export async function listTeams(system: System, { tenantId }: Caller): Promise<TeamView[]> {
  const { teams } = await system.tenants.get(tenantId);
  return Object.entries(teams).map(([team, { members = [], modules = [] }]) => ({ team, members, modules }));
}

/** Refuses with InputInvalid a name that the tenant has no team of. */
export async function findTeam(system: System, { tenantId }: Caller, name: string): Promise<Team> {
  const { teams } = await system.tenants.get(tenantId);
  const found = Object.hasOwn(teams, name) ? teams[name] : undefined;
  if (found !== undefined) return found;
  throw refuse(
    "InputInvalid",
    `team: ${tenantId} has no team ${name}; it has ${Object.keys(teams).join(", ") || "none"}.`,
    "Teams are declared in tenant.yaml: teams.",
  );
}
