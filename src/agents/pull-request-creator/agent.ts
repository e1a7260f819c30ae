import type { Agent } from "../../ports/agent.ts";
import { pullRequestCreatorManifest } from "./manifest.ts";
import type { PullRequestCreatorPorts } from "./ports.ts";
import { mergePullRequest } from "./skills/merge-pull-request.ts";
import { openPullRequest } from "./skills/open-pull-request.ts";

export function createPullRequestCreator(ports: PullRequestCreatorPorts): Agent {
  return {
    manifest: pullRequestCreatorManifest,
    skills: { OpenPullRequest: openPullRequest(ports), MergePullRequest: mergePullRequest(ports) },
  };
}
