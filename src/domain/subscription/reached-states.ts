/** States that somebody can wait for, by the words of boards, and the events by which a delivery or release reaches them. */
import type { StateWord } from "../delivery/state-words.ts";
import type { EventName } from "../event/event-catalogue.ts";

export const reachedBy = {
  "needs-approval": ["ApprovalRequested"],
  held: ["ReleaseDelayed"],
  rejected: ["ReleaseRejected"],
  revoked: ["ReleaseRevoked"],
  failed: ["PipelineInvalid", "TestsFailed", "InfraFailed", "DeploymentFailed", "RollbackFailed"],
  live: ["DeploymentCompleted", "ReleaseRestored"],
  "rolling-back": ["RollbackTriggered"],
  "rolled-back": ["RollbackCompleted"],
  /** Live in the last environment of its path. */
  published: ["ReleasePublished"],
  replaced: ["ReleaseReplaced"],
  destroyed: ["EnvironmentDestroyed"],
  superseded: ["DeliverySuperseded"],
  cancelled: ["DeliveryCancelled"],
} as const satisfies Partial<Record<StateWord | "published", readonly EventName[]>>;

export type ReachedState = keyof typeof reachedBy;
export const reachedStates = Object.keys(reachedBy) as ReachedState[];
