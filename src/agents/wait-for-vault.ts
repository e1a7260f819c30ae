/** What is done about a vault that gives no answer: nothing is begun, and it is asked again by itself. */
import { type Refusal, RefusalError } from "../domain/refusal.ts";
import { VaultAway } from "../domain/vault/vault-away.ts";
import type { AgentContext, AgentOutcome, Skill } from "../ports/agent.ts";

const lookAgainMs = 30_000;

/** Planning needs names of secrets: it waits until they can be read. */
export function planAfterVault(plan: Skill): Skill {
  return async (context) => {
    try {
      return await plan(context);
    } catch (error) {
      const { refusal } = expectVaultProblem(error);
      const summary = `${refusal.code}: ${refusal.message}`;
      context.progress(summary);
      const until = askedAgainAt(context);
      return { status: "Delayed", summary, emits: [], wakeOn: ["ProvisionRequested"], until };
    }
  };
}

/** A release whose secrets cannot be read is delayed; one whose name leads to another's secrets is rejected. */
export function evaluateWithVault(evaluate: Skill): Skill {
  return async (context) => {
    try {
      return await evaluate(context);
    } catch (error) {
      return await held(context, expectVaultProblem(error).refusal);
    }
  };
}

export function askedAgainAt(context: AgentContext): string {
  return new Date(context.now().getTime() + lookAgainMs).toISOString();
}

/** As a gate says it. */
export function secretsMissing({ message, next }: Refusal): Refusal {
  return { code: "SecretsMissing", message, ...(next !== undefined && { next }) };
}

async function held(context: AgentContext, refusal: Refusal): Promise<AgentOutcome> {
  const { releaseId, environment } = context.invocation;
  const proposed = (await context.events("ReleaseProposed")).find(
    ({ data }) =>
      data.environment === environment && (releaseId === undefined || data.releaseId === releaseId),
  );
  if (proposed === undefined || environment === undefined) throw new RefusalError(refusal);
  const release = {
    releaseId: String(proposed.data.releaseId),
    version: String(proposed.data.version),
    environment,
  };
  if (refusal.code === "InvalidNamespaceAccess") {
    const data = { ...release, reasons: [{ ...refusal }] };
    return { status: "Failed", retryable: false, refusal, emits: [{ name: "ReleaseRejected", data }] };
  }
  const until = askedAgainAt(context);
  const reasons = [{ ...secretsMissing(refusal) }];
  return {
    status: "Delayed",
    summary: refusal.message,
    emits: [{ name: "ReleaseDelayed", data: { ...release, reasons, until } }],
    wakeOn: ["RetryDelayed"],
    until,
  };
}

/** Throws what is none. */
function expectVaultProblem(error: unknown): RefusalError {
  if (error instanceof VaultAway) return error;
  if (
    error instanceof RefusalError &&
    ["SecretsMissing", "InvalidNamespaceAccess"].includes(error.refusal.code)
  )
    return error;
  throw error;
}
