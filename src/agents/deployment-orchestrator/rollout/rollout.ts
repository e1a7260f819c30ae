/** What the steps of one rollout work with, and how a step ends. */
import type { EventName } from "../../../domain/event/event-catalogue.ts";
import type { JsonObject } from "../../../domain/json.ts";
import type { RolloutPlan } from "../../../domain/rollout/rollout-plan.ts";
import type { RolloutProgress } from "../../../domain/rollout/rollout-progress.ts";
import type { RolloutStep } from "../../../domain/rollout/rollout-steps.ts";
import type { AgentContext } from "../../../ports/agent.ts";
import type { LedgerEntry, RecordedSpec } from "../../../ports/release-ledger.ts";
import type { ReleaseSpec, RunningRelease, Target, Watch } from "../../../ports/target.ts";
import { lastWords } from "../last-words.ts";
import type { DeploymentOrchestratorPorts } from "../ports.ts";
import type { Reason } from "../records.ts";
import type { ReleaseAtHand } from "../release-at-hand.ts";
import { redactRelease } from "../release-environment.ts";

export interface Rollout {
  ports: DeploymentOrchestratorPorts;
  context: AgentContext;
  at: ReleaseAtHand;
  plan: RolloutPlan;
  recorded: RecordedSpec;
  /** With its secrets; never written down. */
  spec: ReleaseSpec;
  redact(text: string): string;
  target: Target;
  /** What serves beside it, and takes the traffic back where it fails; it need not be what was planned beside. */
  previous: LedgerEntry | undefined;
  /** Aborted where the invocation is, or the place was lost. */
  signal: AbortSignal;
}

export type StepEnd =
  | { kind: "done"; running?: RunningRelease; facts?: JsonObject }
  /** `final`: another attempt would change nothing. */
  | { kind: "failed"; reason: Reason; running?: RunningRelease; final?: boolean }
  | { kind: "waits"; until: string; wakeOn: EventName[]; summary: string };

/** Why a rollout ended as it did, measured where it could be. */
export interface Attempt {
  running: RunningRelease | undefined;
  reasons: Reason[];
  /** Absent where none did. */
  failedStep?: RolloutStep["step"];
  progress: RolloutProgress;
}

export function watchOf({ context, redact, signal }: Rollout): Watch {
  return { signal, progress: (line) => context.progress(redact(line)) };
}

export function placeOf({ recorded }: Rollout): { namespace: string; moduleId: string } {
  return { namespace: recorded.namespace, moduleId: recorded.moduleId };
}

export function namedOf(rollout: Rollout, releaseId = rollout.recorded.releaseId) {
  return { ...placeOf(rollout), releaseId };
}

/** What the target measured, as a reason that a person can read. */
export function unwell({ redact, at }: Rollout, code: string, running: RunningRelease): StepEnd {
  const redacted = redactRelease(running, redact);
  const why = redacted.reason ?? `it is ${running.state}`;
  const message = `${at.releaseId} of ${at.place.moduleId}: ${why}${lastWords(redacted.logTail)}`;
  return { kind: "failed", reason: { code, message }, running: redacted };
}
