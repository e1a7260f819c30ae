import type { Agent } from "../../ports/agent.ts";
import { evaluateWithVault } from "../wait-for-vault.ts";
import { releaseManagerManifest } from "./manifest.ts";
import type { ReleaseManagerPorts } from "./ports.ts";
import { createEvaluateRelease } from "./skills/evaluate-release.ts";
import { createProposeRelease } from "./skills/propose-release.ts";

export function createReleaseManager(ports: ReleaseManagerPorts): Agent {
  return {
    manifest: releaseManagerManifest,
    skills: {
      ProposeRelease: createProposeRelease(ports),
      EvaluateRelease: evaluateWithVault(createEvaluateRelease(ports)),
    },
  };
}
