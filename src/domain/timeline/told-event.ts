/** Which events tell people something across deliveries, and how they ended: what an audit is searched by. */
import { type DeliveryEvent, eventName } from "../event/event.ts";
import type { EventName } from "../event/event-catalogue.ts";
import type { JournalAct } from "../journal/journal-entry.ts";

export const auditOutcomes = ["approved", "blocked", "completed", "failed"] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];

const silent: ReadonlySet<EventName> = new Set<EventName>([
  "AgentInvoked",
  "AgentCompleted",
  "ArtifactWritten",
  "FlowStarted",
  "TimerFired",
  "RolloutProgressed",
]);

/** The work of agents is not told, but for where it failed for good. */
export function isTold(event: DeliveryEvent): boolean {
  const name = eventName(event);
  if (name === "AgentFailed") return event.data.retryAt === undefined && event.data.late === undefined;
  return !silent.has(name);
}

export const eventsOfOutcome: Record<AuditOutcome, readonly EventName[]> = {
  approved: ["ApprovalGranted", "ReleaseApproved", "FreezeOverridden", "CveOverridden", "HotfixApproved"],
  blocked: [
    "ApprovalRefused",
    "ApprovalVoided",
    "EscalationRaised",
    "PolicyBlocked",
    "ReleaseDelayed",
    "ReleaseRejected",
    "ReleaseRevoked",
  ],
  completed: [
    "ArtifactBuilt",
    "DeploymentCompleted",
    "DriftCorrected",
    "InfraProvisioned",
    "PullRequestMerged",
    "ReleasePublished",
    "ReleaseRestored",
    "RollbackCompleted",
    "TestsPassed",
  ],
  failed: [
    "AgentFailed",
    "DependencyFailed",
    "DeploymentFailed",
    "InfraFailed",
    "PipelineInvalid",
    "RegressionDetected",
    "RollbackFailed",
    "TestsFailed",
    "VulnerabilityFound",
  ],
};

export const actsOfOutcome: Record<AuditOutcome, readonly JournalAct[]> = {
  approved: ["PolicyConfirmed"],
  blocked: ["AccessDenied", "ActRefused", "CallerRefused", "PolicyRejected"],
  completed: ["PolicyApplied", "FreezeLifted", "SigningKeyRotated"],
  failed: [],
};

/** Undefined where it began or asked for something. */
export function outcomeOf(name: EventName | JournalAct): AuditOutcome | undefined {
  const names = (outcome: AuditOutcome): readonly string[] => [
    ...eventsOfOutcome[outcome],
    ...actsOfOutcome[outcome],
  ];
  return auditOutcomes.find((outcome) => names(outcome).includes(name));
}
