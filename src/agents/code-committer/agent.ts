import type { Agent } from "../../ports/agent.ts";
import { codeCommitterManifest } from "./manifest.ts";
import type { CodeCommitterPorts } from "./ports.ts";
import { commitModule } from "./skills/commit-module.ts";

export function createCodeCommitter(ports: CodeCommitterPorts): Agent {
  return { manifest: codeCommitterManifest, skills: { CommitModule: commitModule(ports) } };
}
