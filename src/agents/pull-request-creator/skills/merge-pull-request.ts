import type { Refusal } from "../../../domain/refusal.ts";
import type { AgentContext, AgentOutcome, Skill } from "../../../ports/agent.ts";
import type { Forge, PullRequest } from "../../../ports/forge.ts";
import type { SourceControl } from "../../../ports/source-control.ts";
import { traceTrailers } from "../../trace-trailers.ts";
import { type Head, requireHead, requirePullRequest } from "../delivered-change.ts";
import { findEvidence } from "../find-evidence.ts";
import { conflict, untested } from "../outcomes.ts";
import { mergedMetadata } from "../pull-request-text.ts";
import { setChecks } from "../set-checks.ts";

interface Ports {
  sourceControl: SourceControl;
  forge: Forge;
}

const author = {
  name: "ConnectSoft Pull Request Creator",
  email: "pull-request-creator@connectsoft.invalid",
};

/**
 * Sets the checks from the recorded build and test, and merges where the result has exactly the tested tree.
 * Where it would not have it, the branch is brought up to date with its target and PipelineInvalid sends the
 * delivery back to build and test: nothing has moved on the target. A conflict is a BranchPolicy refusal that
 * names the paths. A retry returns the merge that was made.
 */
export function mergePullRequest(ports: Ports): Skill {
  return async (context) => {
    const pull = await requirePullRequest(context, ports.forge);
    if (pull.merge !== undefined) return await landed(context, ports, pull);
    const head = await requireHead(ports.sourceControl, pull);
    const evidence = await findEvidence(context, head.tree);
    if (evidence === undefined)
      return untested(
        pull,
        head,
        `The head ${head.commit} of ${pull.sourceBranch} has not been built and tested.`,
      );
    await setChecks(ports.forge, pull, { head, evidence });
    const { invocation } = context;
    const result = await ports.forge.merge({
      repository: pull.repository,
      number: pull.number,
      expectTree: head.tree,
      subject: `${pull.title} (#${pull.number})`,
      trailers: traceTrailers(context),
      at: invocation.invokedAt,
      invocationId: invocation.invocationId,
    });
    switch (result.status) {
      case "merged":
        return await landed(context, ports, await requirePullRequest(context, ports.forge));
      case "diverged":
        return await bringUpToDate(context, ports, { pull, with: pull.targetBranch });
      case "conflict":
        return conflict(pull, result.paths);
      case "blocked":
        return await blocked(ports.sourceControl, { pull, head, reasons: result.blockers.map(({ reason }) => reason) });
    }
  };
}

/** Reached by our merge or by a person's on the forge; either way what landed must be what was tested. */
async function landed(context: AgentContext, ports: Ports, pull: PullRequest): Promise<AgentOutcome> {
  if (pull.merge === undefined)
    throw new Error(
      `pull request ${pull.number} of ${pull.repository} is merged, but the forge names no merge`,
    );
  const { commit, tree } = pull.merge;
  const evidence = await findEvidence(context, tree);
  if (evidence?.tested.name !== "TestsPassed")
    return await bringUpToDate(context, ports, { pull, with: commit });
  const before = await context.memory.read("pulls", "PullRequestMetadata.json");
  context.memory.write("pulls", "PullRequestMetadata.json", mergedMetadata(pull, before), "module");
  const { repository, number, url, targetBranch } = pull;
  const summary = `#${number} merged into ${targetBranch} as ${commit.slice(0, 12)}`;
  context.progress(summary);
  const data = { repository, number, url, targetBranch, commit, tree };
  return { status: "Success", emits: [{ name: "PullRequestMerged", data }], summary };
}

/** Merges into the source branch, so that the next build and test see what a merge into the target would give. */
async function bringUpToDate(
  context: AgentContext,
  { sourceControl }: Ports,
  change: { pull: PullRequest; with: string },
): Promise<AgentOutcome> {
  const { pull } = change;
  const { invocation } = context;
  const updated = await sourceControl.merge({
    repository: pull.repository,
    source: change.with,
    target: pull.sourceBranch,
    subject: `chore: bring ${pull.sourceBranch} up to date with ${pull.targetBranch}`,
    trailers: traceTrailers(context),
    author,
    at: invocation.invokedAt,
    invocationId: `${invocation.invocationId}-update`,
  });
  if (updated.status === "conflict") return conflict(pull, updated.paths);
  const head = await requireHead(sourceControl, pull);
  context.progress(`${pull.sourceBranch} brought up to date with ${pull.targetBranch}`);
  return untested(pull, head, `${pull.targetBranch} has moved on: a merge would hold what was never tested.`);
}

/** Blocked by a newer head is worth another look; blocked by a check is not. */
async function blocked(
  sourceControl: SourceControl,
  found: { pull: PullRequest; head: Head; reasons: string[] },
): Promise<AgentOutcome> {
  const { pull, head, reasons } = found;
  const now = await sourceControl.tip(pull.repository, pull.sourceBranch);
  const message = `#${pull.number} is not merged into ${pull.targetBranch}: ${reasons.join("; ")}.`;
  const next = "Correct what is named and ask for the merge again (StudioPRAction), or rebuild.";
  const refusal: Refusal = { code: "BranchPolicy", message, next };
  return { status: "Failed", emits: [], refusal, retryable: now?.commit !== head.commit };
}
