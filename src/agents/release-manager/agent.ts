import type { Digests } from "../../domain/event/event-catalogue.ts";
import type { Agent, AgentContext } from "../../ports/agent.ts";
import type { ReleaseLedger } from "../../ports/release-ledger.ts";
import type { Settings } from "../../ports/settings.ts";
import type { Tenants } from "../../ports/tenants.ts";
import { releaseManagerManifest } from "./manifest.ts";
import { createEvaluateRelease } from "./skills/evaluate-release.ts";
import { createProposeRelease } from "./skills/propose-release.ts";

export interface ReleaseManagerPorts {
  ledger: ReleaseLedger;
  settings: Settings;
  tenants: Tenants;
  readDigests(context: AgentContext): Promise<Digests>;
}

export function createReleaseManager(ports: ReleaseManagerPorts): Agent {
  return {
    manifest: releaseManagerManifest,
    skills: { ProposeRelease: createProposeRelease(ports), EvaluateRelease: createEvaluateRelease(ports) },
  };
}
