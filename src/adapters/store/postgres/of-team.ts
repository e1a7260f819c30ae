import type { Team } from "../../../domain/tenant/teams.ts";
import type { Conditions } from "./conditions.ts";

/** That a card `c` is of a team: by its module, or by who handed it over. */
export function ofTeam(where: Conditions, { members = [], modules = [] }: Team): string {
  // Of what a pattern may hold, nothing but `*` means something to `like`.
  const patterns = modules.map((pattern) => pattern.replaceAll("*", "%"));
  return `(c.module_id like any(${where.value(patterns)}::text[]) or c.sponsor = any(${where.value(members)}::text[]))`;
}
