/** Runs one attempt of an invocation and says how it ended. Whatever the skill throws becomes a result. */

import type { DeliveryRecord, OpenInvocation } from "../domain/delivery/delivery-state.ts";
import type { HandOver } from "../domain/delivery/hand-over.ts";
import type { ArtifactDraft, AttemptResult } from "../domain/delivery/step.ts";
import { RefusalError, refuse } from "../domain/refusal.ts";
import type { Agent, AgentOutcome, Invocation } from "../ports/agent.ts";
import { createAgentContext, type Hands } from "./agent-context.ts";
import { checkEmission } from "./check-emission.ts";

export async function runAttempt(
  hands: Hands,
  agent: Agent | undefined,
  work: { record: DeliveryRecord; open: OpenInvocation; signal: AbortSignal },
): Promise<AttemptResult> {
  const { record, open, signal } = work;
  const { handOver } = record;
  const startedAt = hands.clock.now();
  const invocation = handOver === undefined ? undefined : invocationOf(record, open, handOver);
  const finish = (
    end: AttemptResult["end"],
    emits: AttemptResult["emits"] = [],
    artifacts: ArtifactDraft[] = [],
  ) => {
    const durationMs = hands.clock.now().getTime() - startedAt.getTime();
    const result = {
      invocationId: open.invocationId,
      attempt: open.attempt,
      durationMs,
      emits,
      artifacts,
      end,
    };
    if (invocation !== undefined) hands.observer.skillEnded(invocation, result, startedAt);
    return result;
  };
  try {
    const skill = agent?.skills[open.skillId];
    if (agent === undefined || skill === undefined || handOver === undefined || invocation === undefined)
      throw refuse(
        "FlowInvalid",
        `No agent here has the skill ${open.agentId}/${open.skillId}.`,
        "Move the delivery: connectsoft retry",
      );
    await hands.authorise?.(invocation, handOver);
    const { context, written } = createAgentContext(hands, {
      invocation,
      manifest: agent.manifest,
      handOver,
      artifacts: record.state.artifacts,
      attempt: open.attempt,
      signal,
    });
    const outcome = await skill(context);
    for (const emission of outcome.emits) checkEmission(agent.manifest, emission);
    // What a failed attempt wrote is kept too: reports of failures are evidence.
    return finish(endOf(outcome), outcome.emits, written);
  } catch (error) {
    return finish(failure(error, signal));
  }
}

function invocationOf(record: DeliveryRecord, open: OpenInvocation, handOver: HandOver): Invocation {
  const { subject } = record;
  const { environment, releaseId } = open;
  return {
    ...subject,
    ...(environment !== undefined && { environment }),
    ...(releaseId !== undefined && { releaseId }),
    ...(handOver.editionId !== undefined && { editionId: handOver.editionId }),
    invocationId: open.invocationId,
    agentId: open.agentId,
    skillId: open.skillId,
    fsmState: open.fsmState,
    step: open.step,
    retries: open.retries,
    compliance: handOver.complianceMode,
    invokedAt: open.invokedAt,
  };
}

function endOf(outcome: AgentOutcome): AttemptResult["end"] {
  switch (outcome.status) {
    case "Success":
      return { status: "Success", summary: outcome.summary };
    case "Delayed":
      return delayOf(outcome);
    case "Failed":
      return { status: "Failed", refusal: outcome.refusal, retryable: outcome.retryable };
  }
}

/** What waits must say for what: an invocation that nothing wakes would never end. */
function delayOf({ status, summary, wakeOn, until }: Extract<AgentOutcome, { status: "Delayed" }>) {
  if (until === undefined && wakeOn.length === 0)
    throw refuse("InputInvalid", "A delay names neither an event that ends it nor a time.");
  if (until === undefined) return { status, summary, wakeOn };
  const time = Date.parse(until);
  if (!(Math.abs(time) <= latestTime))
    throw refuse("InputInvalid", `until: expected a time such as 2025-05-23T10:00:00Z, found ${until}.`);
  return { status, summary, wakeOn, until: new Date(time).toISOString() };
}

/** Times are compared as text, which holds to the year 9999. */
const latestTime = Date.parse("9999-12-31T23:59:59.999Z");

/** A refusal is an answer and is not tried again; anything else may have been bad luck. */
function failure(error: unknown, signal: AbortSignal): AttemptResult["end"] {
  if (error instanceof RefusalError)
    return { status: "Failed", refusal: error.refusal, retryable: error.refusal.code === "Unavailable" };
  const message = error instanceof Error ? error.message : String(error);
  const code = signal.aborted ? "Cancelled" : "AgentCrashed";
  return {
    status: "Failed",
    refusal: { code, message, next: "See the server's log; then try again: connectsoft retry" },
    retryable: true,
  };
}
