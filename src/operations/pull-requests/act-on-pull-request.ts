/** What people do with a pull request: review it, merge it, close it. The deliveries in it hear of each act. */
import { z } from "zod";
import { refuse } from "../../domain/refusal.ts";
import { permitBranch } from "../repository-rights.ts";
import type { Caller, System } from "../system.ts";
import { pullRequestInput } from "./find-repository.ts";
import { findPullRequest, getPullRequest, type PullRequestView } from "./read-pull-requests.ts";
import { tellDeliveries } from "./tell-deliveries.ts";

type PullRequest = Awaited<ReturnType<typeof findPullRequest>>;

export const reviewPullRequestInput = pullRequestInput.extend({
  verdict: z.enum(["approved", "changes-requested", "commented"]),
  comment: z.string().max(10_000).default(""),
  /** The head that was looked at; absent: the one that it has now. */
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, "expected a commit id")
    .optional(),
});

/** Refuses with SelfApproval where an author approves, and Conflict where the head is another by now. */
export async function reviewPullRequest(
  system: System,
  caller: Caller,
  input: z.output<typeof reviewPullRequestInput>,
): Promise<PullRequestView> {
  const { verdict, comment } = input;
  const pull = await findPullRequest(system, caller, input);
  if (verdict === "changes-requested" && comment.trim() === "")
    throw refuse("InputInvalid", "comment: asking for changes takes a word on which.", 'Add --comment "..."');
  const { repository, number, sourceBranch } = pull;
  const commit = input.commit ?? (await system.sourceControl.tip(repository, sourceBranch))?.commit;
  if (commit === undefined)
    throw refuse(
      "Conflict",
      `The branch ${sourceBranch} of ${repository} is gone; there is nothing to review.`,
    );
  const at = system.clock.now().toISOString();
  await system.forge.review(repository, number, { by: caller.person, verdict, commit, comment, at });
  await tellDeliveries(system, caller, act(pull, verdict, { verdict, commit }));
  return await getPullRequest(system, caller, input);
}

export const mergePullRequestInput = pullRequestInput.extend({
  /** Absent: the first that the target branch's protection allows. */
  method: z.enum(["merge", "squash", "rebase"]).optional(),
});

/** Only where the target branch's protection is content; refuses with BranchPolicy and every reason otherwise. */
export async function mergePullRequest(
  system: System,
  caller: Caller,
  input: z.output<typeof mergePullRequestInput>,
): Promise<PullRequestView> {
  const pull = await findPullRequest(system, caller, input);
  const { repository, number, title, sourceBranch, targetBranch } = pull;
  const { method } = input;
  await permitBranch(system, caller, { action: "merge", repository, branch: targetBranch });
  const result = await system.forge.merge({
    repository,
    number,
    ...(method !== undefined && { method }),
    subject: `${title} (#${number})`,
    trailers: { "Merged-By": caller.person },
    at: system.clock.now().toISOString(),
    invocationId: `${caller.person}-merges-${number}`,
  });
  switch (result.status) {
    case "merged":
      break;
    case "blocked":
      throw refuse(
        "BranchPolicy",
        `#${number} of ${input.repository} cannot be merged: ${result.blockers.map(({ reason }) => reason).join("; ")}.`,
        result.blockers.some(({ about }) => about === "review")
          ? `Ask for a review: connectsoft pr approve ${input.repository}#${number}`
          : `See how it stands: connectsoft pr show ${input.repository}#${number}`,
      );
    case "conflict":
      throw refuse(
        "BranchPolicy",
        `#${number} of ${input.repository} conflicts with ${targetBranch} in ${result.paths.join(", ")}.`,
        `Merge ${targetBranch} into ${sourceBranch}, resolve it there, and push.`,
      );
    case "diverged":
      throw new Error("a merge without an expected tree diverged");
  }
  await tellDeliveries(system, caller, act(pull, "merged", { action: "merged", commit: result.commit }));
  return await getPullRequest(system, caller, input);
}

export async function closePullRequest(
  system: System,
  caller: Caller,
  input: z.output<typeof pullRequestInput>,
): Promise<PullRequestView> {
  const pull = await findPullRequest(system, caller, input);
  await system.forge.close(pull.repository, pull.number);
  await tellDeliveries(system, caller, act(pull, "closed", { action: "closed" }));
  return await getPullRequest(system, caller, input);
}

function act(pull: PullRequest, did: string, facts: Record<string, string> = {}) {
  const { repository, sourceBranch: branch, number } = pull;
  return { repository, branch, did: `${did} #${number}`, facts: { pullRequest: number, ...facts } };
}
