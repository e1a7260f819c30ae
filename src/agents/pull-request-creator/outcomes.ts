/** Ends of a merge that did not happen. */
import type { Refusal } from "../../domain/refusal.ts";
import type { AgentOutcome } from "../../ports/agent.ts";
import type { Blocker, PullRequest } from "../../ports/forge.ts";
import type { Head } from "./delivered-change.ts";

/**
 * Failed, so that a flow that does not listen for PipelineInvalid stops here and never promotes; one that
 * does listen builds and tests the head and comes back.
 */
export function untested(pull: PullRequest, head: Head, message: string): AgentOutcome {
  const next = `Build and test ${head.commit} of ${pull.sourceBranch}; the merge is tried again after that.`;
  const refusal: Refusal = { code: "TestsNotPassed", message, next };
  const data = { reasons: [{ ...refusal }], branch: pull.sourceBranch, commit: head.commit, tree: head.tree };
  return { status: "Failed", emits: [{ name: "PipelineInvalid", data }], refusal, retryable: false };
}

export function conflict(pull: PullRequest, paths: string[]): AgentOutcome {
  const message = `#${pull.number} cannot be merged into ${pull.targetBranch}: ${paths.join(", ")} changed on both sides.`;
  const next = `Resolve it on ${pull.sourceBranch} and ask for the merge again, or hand over a newer version of the module.`;
  return { status: "Failed", emits: [], refusal: { code: "BranchPolicy", message, next }, retryable: false };
}

/** Until somebody reviews it, which is said as StudioPRAction; the same invocation goes on then. */
export function waitsForReview(pull: PullRequest, blockers: Blocker[]): AgentOutcome {
  const summary = `#${pull.number}: ${blockers.map(({ reason }) => reason).join("; ")}`;
  return { status: "Delayed", emits: [], summary, wakeOn: ["StudioPRAction"] };
}

/** Until somebody merges it, which is said as StudioPRAction too. */
export function waitsForPerson({ number, targetBranch, repository }: PullRequest): AgentOutcome {
  const name = repository.split("/").at(-1);
  const summary = `#${number} is built and tested; a person merges it into ${targetBranch}: connectsoft pr merge ${name}#${number}`;
  return { status: "Delayed", emits: [], summary, wakeOn: ["StudioPRAction"] };
}

const lookAgainMs = 10_000;

/** No delivery hears of another module's, so it looks again; whoever comes last merges for all. */
export function othersMissing(pull: PullRequest, modules: string[], now: Date): AgentOutcome {
  const summary = `#${pull.number} is shared; ${modules.join(", ")} not yet built and tested on its head`;
  const until = new Date(now.getTime() + lookAgainMs).toISOString();
  return { status: "Delayed", emits: [], summary, wakeOn: ["StudioPRAction"], until };
}
