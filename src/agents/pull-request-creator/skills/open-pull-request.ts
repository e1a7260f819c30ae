import { refuse } from "../../../domain/refusal.ts";
import type { AgentContext, Skill } from "../../../ports/agent.ts";
import type { Forge } from "../../../ports/forge.ts";
import type { SourceControl } from "../../../ports/source-control.ts";
import { openMetadata, pullRequestBody } from "../pull-request-text.ts";

/**
 * Opens the pull request of the trace's branch, with what it changes and where it comes from; writes
 * pulls/PullRequestMetadata.json and emits PullRequestCreated. A retry brings the same one up to date.
 */
export function openPullRequest({
  sourceControl,
  forge,
}: {
  sourceControl: SourceControl;
  forge: Forge;
}): Skill {
  return async (context) => {
    const { repository, targetBranch } = context.handOver;
    const { branch, subject } = await newestCommit(context);
    const head = await sourceControl.tip(repository, branch);
    if (head === undefined)
      throw refuse(
        "NotFound",
        `${repository} has no branch ${branch} any more.`,
        "Hand the module over again.",
      );
    const files = await sourceControl.diff(repository, targetBranch, head.commit);
    const pull = await forge.open({
      repository,
      sourceBranch: branch,
      targetBranch,
      title: subject,
      body: pullRequestBody(context, subject, files),
      labels: ["delivery", context.invocation.moduleId],
      reviewers: [],
      authors: [context.handOver.sponsor],
    });
    const facts = { forge: forge.name, head: head.commit, subject, files };
    context.memory.write("pulls", "PullRequestMetadata.json", openMetadata(pull, facts), "module");
    const summary = `#${pull.number} ${pull.title}`;
    context.progress(`${summary}, ${files.length} files`);
    const { number, url, title } = pull;
    const data = { number, url, title, repository, sourceBranch: branch, targetBranch };
    return { status: "Success", emits: [{ name: "PullRequestCreated", data }], summary };
  };
}

async function newestCommit(context: AgentContext): Promise<{ branch: string; subject: string }> {
  const { traceId, moduleId } = context.invocation;
  const [ready] = await context.events("CommitReady");
  if (ready === undefined)
    throw refuse(
      "NotFound",
      `${traceId} has no commit of ${moduleId} yet.`,
      "Commit it first: StudioCommitRequest.",
    );
  const { branch, subject } = ready.data;
  const named = typeof subject === "string" ? subject : `feat: deliver ${moduleId} for ${traceId}`;
  return { branch: String(branch), subject: named };
}
