/**
 * ReportRollbackFailure: the attempts of a rollback ran out, as where its host stays away. What it could not say by
 * itself is said here, from what the chain knows of its attempts and from what runs now. It changes nothing.
 */
import type { Refusal } from "../../../domain/refusal.ts";
import type { AgentContext, AgentOutcome, RecordedEvent, Skill } from "../../../ports/agent.ts";
import type { DeploymentOrchestratorPorts } from "../ports.ts";
import { releaseAtHand } from "../release-at-hand.ts";
import { rollbackCause } from "../rollback-cause.ts";
import { rollbackFailed } from "../rollback-declined.ts";

export function createReportRollbackFailure(ports: DeploymentOrchestratorPorts): Skill {
  return async function reportRollbackFailure(context: AgentContext): Promise<AgentOutcome> {
    const at = await releaseAtHand(context);
    const [cause, attempts] = await Promise.all([rollbackCause(context, at), failedAttempts(context)]);
    const tried = attempts.map(({ data }) => `attempt ${Number(data.attempt)}: ${String(data.message)}`);
    return await rollbackFailed(ports, context, at, { cause, tried, refusal: refusalOf(attempts.at(-1)) });
  };
}

/** Of the newest rollback of this environment, oldest first. */
async function failedAttempts(context: AgentContext): Promise<RecordedEvent[]> {
  const { environment } = context.invocation;
  const [invoked, failed] = await Promise.all([
    context.events("AgentInvoked"),
    context.events("AgentFailed"),
  ]);
  const newest = invoked.find(({ data }) => data.skillId === "RollBack" && data.instance === environment);
  return failed.filter(({ data }) => data.invocationId === newest?.data.invocationId).reverse();
}

function refusalOf(last: RecordedEvent | undefined): Refusal {
  const message = last?.data.message;
  return {
    code: "Unavailable",
    message: typeof message === "string" ? message : "its attempts broke off, and none of them said why.",
  };
}
