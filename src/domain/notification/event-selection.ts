/** What a target is told of: events by name, or by what people call them. */
import type { EventName } from "../event/event-catalogue.ts";

export const presets = {
  "waiting-for-approval": ["ApprovalRequested"],
  deployed: ["DeploymentCompleted"],
  failed: [
    "PipelineInvalid",
    "TestsFailed",
    "InfraFailed",
    "ReleaseRejected",
    "DeploymentFailed",
    "RollbackFailed",
  ],
  "rolled-back": ["RollbackCompleted"],
  escalated: ["EscalationRaised"],
} as const satisfies Record<string, readonly EventName[]>;

/** The names of the events that a list of presets and names stands for, each once. */
export function selectedEvents(on: readonly string[]): string[] {
  const known: Record<string, readonly string[]> = presets;
  return [...new Set(on.flatMap((name) => known[name] ?? [name]))];
}
