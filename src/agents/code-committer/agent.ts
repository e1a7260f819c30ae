import type { Agent } from "../../ports/agent.ts";
import type { SourceControl } from "../../ports/source-control.ts";
import { codeCommitterManifest } from "./manifest.ts";
import { commitModule } from "./skills/commit-module.ts";

export function createCodeCommitter(ports: { sourceControl: SourceControl }): Agent {
  return { manifest: codeCommitterManifest, skills: { CommitModule: commitModule(ports) } };
}
