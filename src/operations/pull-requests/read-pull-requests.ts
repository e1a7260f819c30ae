/** Pull requests as people see them, with what keeps them from being merged. */
import { z } from "zod";
import { refuse } from "../../domain/refusal.ts";
import { slug } from "../../domain/scope.ts";
import { createReadable, permitBranch } from "../repository-rights.ts";
import type { Caller, System } from "../system.ts";
import { findRepository, type pullRequestInput } from "./find-repository.ts";

type PullRequest = NonNullable<Awaited<ReturnType<System["forge"]["get"]>>>;
export type PullRequestView = PullRequest & {
  /** Commit of the source branch; undefined where the branch is gone. */
  head?: string;
  blockers: Awaited<ReturnType<System["forge"]["blockers"]>>;
};

export const listPullRequestsInput = z.object({
  /** Absent: the open ones of every repository. */
  repository: slug.optional(),
  state: z.enum(["open", "merged", "closed", "all"]).default("open"),
});

/** Newest first. */
export async function listPullRequests(
  system: System,
  caller: Caller,
  { repository, state }: z.output<typeof listPullRequestsInput>,
): Promise<PullRequest[]> {
  const { tenantId } = caller;
  const isReadable = await createReadable(system, caller);
  const readable = (pull: PullRequest) =>
    isReadable({ repository: pull.repository, branch: pull.targetBranch });
  if (repository === undefined) {
    if (state === "open") return (await system.forge.listOpen(tenantId)).filter(readable).reverse();
    throw refuse(
      "InputInvalid",
      `state: ${state} is listed of one repository only.`,
      "Name one: --repository <name>",
    );
  }
  const found = await system.forge.list(await findRepository(system, caller, { tenantId, repository }));
  return found.filter((pull) => readable(pull) && (state === "all" || pull.state === state)).reverse();
}

export async function getPullRequest(
  system: System,
  caller: Caller,
  input: z.output<typeof pullRequestInput>,
): Promise<PullRequestView> {
  const pull = await findPullRequest(system, caller, input);
  const head = await system.sourceControl.tip(pull.repository, pull.sourceBranch);
  const blockers = await system.forge.blockers(pull.repository, pull.number);
  return { ...pull, blockers, ...(head !== undefined && { head: head.commit }) };
}

export async function pullRequestDiff(
  system: System,
  caller: Caller,
  input: z.output<typeof pullRequestInput>,
) {
  const { repository, number } = await findPullRequest(system, caller, input);
  return await system.forge.diff(repository, number);
}

const mostCommits = 250;

/** Newest first, at most 250. */
export async function pullRequestCommits(
  system: System,
  caller: Caller,
  input: z.output<typeof pullRequestInput>,
) {
  const { repository, sourceBranch, targetBranch, merge, state } = await findPullRequest(
    system,
    caller,
    input,
  );
  const { sourceControl } = system;
  const merged = state === "merged" && merge !== undefined;
  if (!merged && (await sourceControl.tip(repository, sourceBranch)) === undefined) return [];
  const [landed] = merged ? await sourceControl.log({ repository, to: merge.commit, limit: 1 }) : [];
  const from = merged ? landed?.parents[0] : targetBranch;
  const to = merged ? merge.commit : sourceBranch;
  return await sourceControl.log({ repository, to, limit: mostCommits, ...(from !== undefined && { from }) });
}

/** Refuses with NotFound. */
export async function findPullRequest(
  system: System,
  caller: Caller,
  input: z.output<typeof pullRequestInput>,
): Promise<PullRequest> {
  const repository = await findRepository(system, caller, input);
  const found = await system.forge.get(repository, input.number);
  if (found !== undefined) {
    await permitBranch(system, caller, { action: "view", repository, branch: found.targetBranch });
    return found;
  }
  throw refuse(
    "NotFound",
    `${input.repository} has no pull request ${input.number}.`,
    `See what there is: connectsoft pr ls --repository ${input.repository} --state all`,
  );
}
