import type { Agent } from "../../ports/agent.ts";
import { deploymentOrchestratorManifest } from "./manifest.ts";
import type { DeploymentOrchestratorPorts } from "./ports.ts";
import { withTrace } from "./roll-back-trace.ts";
import { createCorrectDrift } from "./skills/correct-drift.ts";
import { createDeployRelease } from "./skills/deploy-release.ts";
import { createPlanRollout } from "./skills/plan-rollout.ts";
import { createReportRollbackFailure } from "./skills/report-rollback-failure.ts";
import { createRollBack } from "./skills/roll-back.ts";

export function createDeploymentOrchestrator(ports: DeploymentOrchestratorPorts): Agent {
  return {
    manifest: deploymentOrchestratorManifest,
    skills: {
      CorrectDrift: createCorrectDrift(ports),
      DeployRelease: createDeployRelease(ports),
      PlanRollout: createPlanRollout(ports),
      ReportRollbackFailure: withTrace(ports, createReportRollbackFailure(ports)),
      RollBack: withTrace(ports, createRollBack(ports)),
    },
  };
}
