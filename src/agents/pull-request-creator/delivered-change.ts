/** The pull request of a delivery, the head of its branch, and what every commit for it carries. */
import { refuse } from "../../domain/refusal.ts";
import type { AgentContext } from "../../ports/agent.ts";
import type { Forge, PullRequest } from "../../ports/forge.ts";
import type { SourceControl } from "../../ports/source-control.ts";

export interface Head {
  commit: string;
  tree: string;
}

/** The module's own part of a commit: the whole tree where it has the repository for itself. */
export async function contentOf(
  sourceControl: SourceControl,
  { handOver }: AgentContext,
  { commit, tree }: Head,
): Promise<string> {
  const { repository, folder } = handOver;
  if (folder === "") return tree;
  return (await sourceControl.subtree(repository, commit, folder)) ?? tree;
}

export async function requirePullRequest(context: AgentContext, forge: Forge): Promise<PullRequest> {
  const { repository } = context.handOver;
  const [created] = await context.events("PullRequestCreated");
  const number = Number(created?.data.number);
  const pull = created === undefined ? undefined : await forge.get(repository, number);
  if (pull !== undefined) return pull;
  throw refuse(
    "NotFound",
    `${repository} has no pull request of ${context.invocation.traceId}.`,
    "Open it first: StudioPRAction.",
  );
}

export async function requireHead(sourceControl: SourceControl, pull: PullRequest): Promise<Head> {
  const head = await sourceControl.tip(pull.repository, pull.sourceBranch);
  if (head !== undefined) return head;
  throw refuse(
    "NotFound",
    `${pull.repository} has no branch ${pull.sourceBranch} any more.`,
    "Commit it again.",
  );
}
