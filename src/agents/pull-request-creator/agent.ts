import type { Agent } from "../../ports/agent.ts";
import type { Forge } from "../../ports/forge.ts";
import type { SourceControl } from "../../ports/source-control.ts";
import { pullRequestCreatorManifest } from "./manifest.ts";
import { mergePullRequest } from "./skills/merge-pull-request.ts";
import { openPullRequest } from "./skills/open-pull-request.ts";

export function createPullRequestCreator(ports: { sourceControl: SourceControl; forge: Forge }): Agent {
  return {
    manifest: pullRequestCreatorManifest,
    skills: { OpenPullRequest: openPullRequest(ports), MergePullRequest: mergePullRequest(ports) },
  };
}
