/** A pull request that all modules of a trace share: who travels in it, and each one's part of the text. */

import { holdsModule, withModule } from "../../domain/pull-request/template.ts";
import { traceOfBranch } from "../../domain/pull-request/trace-branch.ts";
import type { AgentContext } from "../../ports/agent.ts";
import type { Forge, PullRequest, PullRequestText } from "../../ports/forge.ts";
import type { SourceControl } from "../../ports/source-control.ts";

export function isShared(branch: string): boolean {
  const trace = traceOfBranch(branch);
  return trace !== undefined && trace.moduleId === undefined;
}

/** Modules with a commit of their own that the target does not have; ours first. */
export async function modulesIn(
  sourceControl: SourceControl,
  { handOver, invocation }: AgentContext,
  branch: string,
): Promise<string[]> {
  if (!isShared(branch)) return [invocation.moduleId];
  const { repository, targetBranch } = handOver;
  const commits = await sourceControl.log({ repository, from: targetBranch, to: branch });
  const named = commits.flatMap(({ trailers }) => trailers["Module-Id"] ?? []);
  return [...new Set([invocation.moduleId, ...named.toSorted()])];
}

/** Of a shared pull request each module has its own check: `test (booking-service)`. */
export function checkName(kind: "build" | "test", branch: string, moduleId: string): string {
  return isShared(branch) ? `${kind} (${moduleId})` : kind;
}

const mostAttempts = 20;

/** Two modules may write their parts at once: each writes over what it has read, or reads again. */
export async function writeText(
  forge: Forge,
  { invocation }: AgentContext,
  { pull, text }: { pull: PullRequest; text: PullRequestText },
): Promise<PullRequest> {
  const { repository, number, sourceBranch } = pull;
  const { title, body, labels, reviewers } = text;
  if (!isShared(sourceBranch))
    return isSame(pull, text)
      ? pull
      : await forge.update(repository, number, { title, body, labels, reviewers });
  let now = pull;
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    // Once it is merged, no commit tells any more which modules travelled in it; its title does.
    const named = now.state === "merged" ? now.title : title;
    if (holdsModule(now.body, invocation.moduleId, body) && now.title === named) return now;
    const next = together(now, invocation.moduleId, { ...text, title: named });
    now = await forge.update(repository, number, next, now);
  }
  throw new Error(`the text of pull request ${number} of ${repository} is written over again and again`);
}

/** What the pull request says with this module in it. */
function together(existing: PullRequestText, moduleId: string, text: PullRequestText): PullRequestText {
  const others = existing.labels.filter((label) => !label.startsWith("size/"));
  return {
    title: text.title,
    body: withModule(existing.body, moduleId, text.body),
    labels: [...new Set([...others, ...text.labels])],
    reviewers: [...new Set([...existing.reviewers, ...text.reviewers])],
  };
}

function isSame(pull: PullRequest, text: PullRequestText): boolean {
  return (
    pull.title === text.title &&
    pull.body === text.body &&
    pull.labels.join() === text.labels.join() &&
    pull.reviewers.join() === text.reviewers.join()
  );
}
