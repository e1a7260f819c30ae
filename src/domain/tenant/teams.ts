/** Teams of a tenant: who works on which modules. Figures and lists are told apart by them; they give nobody a right. */
import { z } from "zod";
import { slug } from "../scope.ts";
import { personId } from "./role.ts";

/** A module's name, or one with `*` for any part of it. */
const modulePattern = z
  .string()
  .max(80)
  .regex(
    /^[a-z0-9*](?:[a-z0-9*-]*[a-z0-9*])?$/,
    "expected a module's name, with `*` for any part of it: booking-*",
  );

const teamSchema = z
  .object({
    /** Whatever they hand over is the team's. */
    members: z.array(personId).min(1).optional(),
    /** Whoever hands them over. */
    modules: z.array(modulePattern).min(1).optional(),
  })
  .strict()
  .refine(({ members, modules }) => members !== undefined || modules !== undefined, {
    message: "expected `members`, `modules` or both",
  });
export type Team = z.infer<typeof teamSchema>;

export const teamsSchema = z.record(slug, teamSchema).default({});
export type Teams = z.infer<typeof teamsSchema>;

/** Names of the teams that a delivery is of: by its module, or by who handed it over. */
export function teamsOf(
  teams: Teams,
  { moduleId, sponsor }: { moduleId: string; sponsor: string },
): string[] {
  return Object.entries(teams)
    .filter(
      ([, { members = [], modules = [] }]) =>
        members.includes(sponsor) || modules.some((pattern) => fits(pattern, moduleId)),
    )
    .map(([name]) => name);
}

function fits(pattern: string, moduleId: string): boolean {
  // Nothing else of a pattern has a meaning of its own.
  return new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(moduleId);
}
