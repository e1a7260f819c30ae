import { refuse } from "../../../domain/refusal.ts";
import type { AgentContext, Skill } from "../../../ports/agent.ts";
import type { Forge, PullRequest } from "../../../ports/forge.ts";
import type { PullRequestCreatorPorts } from "../ports.ts";
import { openMetadata } from "../pull-request-metadata.ts";
import { isShared } from "../shared-pull-request.ts";
import { writeDescription } from "../write-description.ts";

/**
 * Opens the pull request of the trace's branch, with what it changes and where it comes from; writes
 * pulls/PullRequestMetadata.json and emits PullRequestCreated. A retry brings the same one up to date, and so
 * does another module of the trace that shares the branch.
 */
export function openPullRequest(ports: PullRequestCreatorPorts): Skill {
  const { sourceControl, forge } = ports;
  return async (context) => {
    const { repository, targetBranch, sponsor } = context.handOver;
    const { branch, subject } = await newestCommit(context);
    const head = await sourceControl.tip(repository, branch);
    if (head === undefined)
      throw refuse(
        "NotFound",
        `${repository} has no branch ${branch} any more.`,
        "Hand the module over again.",
      );
    const known = await findOpen(forge, context, branch);
    const { title = subject, body = "", labels = [], reviewers = [] } = known ?? {};
    const place = { repository, sourceBranch: branch, targetBranch, authors: [sponsor] };
    const opened = await forge.open({ ...place, title, body, labels, reviewers });
    const { pull, described } = await writeDescription(ports, context, { pull: opened, subject });
    const facts = { forge: forge.name, head: head.commit, described };
    context.memory.write("pulls", "PullRequestMetadata.json", openMetadata(pull, facts), "module");
    const summary = `#${pull.number} ${pull.title}`;
    context.progress(`${summary}, ${described.facts.files.length} files`);
    const { number, url } = pull;
    const data = { number, url, title: pull.title, repository, sourceBranch: branch, targetBranch };
    return { status: "Success", emits: [{ name: "PullRequestCreated", data }], summary };
  };
}

/** What an earlier attempt, or another module of the trace, wrote stays until it is replaced. */
async function findOpen(
  forge: Forge,
  context: AgentContext,
  branch: string,
): Promise<PullRequest | undefined> {
  const { repository } = context.handOver;
  if (isShared(branch))
    return (await forge.list(repository)).find(
      ({ state, sourceBranch }) => state === "open" && sourceBranch === branch,
    );
  const [created] = await context.events("PullRequestCreated");
  return created === undefined ? undefined : await forge.get(repository, Number(created.data.number));
}

export async function newestCommit(context: AgentContext): Promise<{ branch: string; subject: string }> {
  const { traceId, moduleId } = context.invocation;
  const [ready] = await context.events("CommitReady");
  if (ready === undefined)
    throw refuse(
      "NotFound",
      `${traceId} has no commit of ${moduleId} yet.`,
      "Commit it first: StudioCommitRequest.",
    );
  const { branch, subject, changed } = ready.data;
  // Where nothing was committed the subject is of an earlier delivery.
  if (changed === false)
    return {
      branch: String(branch),
      subject: `chore: bring ${moduleId} up to date for ${traceId}`,
    };
  const named = typeof subject === "string" ? subject : `feat: deliver ${moduleId} for ${traceId}`;
  return { branch: String(branch), subject: named };
}
