/**
 * What agents do that the roles of people govern, skill by skill. What is not listed reads, plans, builds, tests and
 * asks. Taking back is not either: a rollback stands on the approval of what it goes back to, whoever left meanwhile.
 */
import type { Action } from "./actions.ts";

const acts: Readonly<Record<string, Action>> = {
  CommitModule: "commit",
  OpenPullRequest: "pull-request",
  GeneratePipeline: "commit",
  MergePullRequest: "merge",
  ProvisionAhead: "deploy",
  ApplyInfrastructure: "deploy",
  DeployRelease: "deploy",
};

export function actOf(skillId: string): Action | undefined {
  return acts[skillId];
}

/**
 * What it takes of the sponsor: what they did, where the delivery follows from another act of theirs; and where
 * people approved the release, that they may hand over, as those who approved it have it deployed.
 */
export function actOfSponsor(
  act: Action,
  { approvalNeeded, authority }: { approvalNeeded: boolean; authority: Action | undefined },
): Action {
  if (authority !== undefined) return authority;
  return act === "deploy" && approvalNeeded ? "hand-over" : act;
}
