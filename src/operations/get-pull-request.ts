import { z } from "zod";
import { refuse } from "../domain/refusal.ts";
import { slug } from "../domain/scope.ts";
import type { PullRequest } from "../ports/forge.ts";
import type { Caller, System } from "./system.ts";

export const getPullRequestInput = z.object({
  tenantId: slug,
  moduleId: slug,
  number: z.coerce.number().int().min(1),
});

export async function getPullRequest(
  system: System,
  _caller: Caller,
  { tenantId, moduleId, number }: z.output<typeof getPullRequestInput>,
): Promise<PullRequest> {
  const found = await system.forge.get(`${tenantId}/${moduleId}`, number);
  if (found !== undefined) return found;
  throw refuse(
    "NotFound",
    `${moduleId} has no pull request ${number}.`,
    "See its delivery: connectsoft status",
  );
}
