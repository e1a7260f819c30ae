import { type RefusalError, refuse } from "../../../domain/refusal.ts";
import type { EnvironmentPlace } from "../../../ports/provisioner.ts";

/** `why` says what is otherwise than it was planned. */
export function planIsStale(place: EnvironmentPlace & { moduleId?: string }, why: string): RefusalError {
  const { tenantId, environment, moduleId } = place;
  const what = moduleId === undefined ? "" : `${moduleId} in `;
  return refuse(
    "PlanChanged",
    `the plan for ${what}${tenantId}/${environment} is not the current one any more: ${why}`,
    "Plan again, and have the new plan approved where policy asks for it.",
  );
}
