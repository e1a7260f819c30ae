import type { Digests } from "../../domain/event/event-catalogue.ts";
import type { EnvironmentPolicy } from "../../domain/tenant/tenant.ts";
import type { AgentContext } from "../../ports/agent.ts";
import type { ReleaseLedger } from "../../ports/release-ledger.ts";
import type { Settings } from "../../ports/settings.ts";
import type { Target } from "../../ports/target.ts";

/** What the Deployment Orchestrator works with. */
export interface DeploymentOrchestratorPorts {
  target: Target;
  settings: Settings;
  releases: ReleaseLedger;
  /** What an approval binds, as it is now. */
  currentDigests(context: AgentContext): Promise<Digests>;
  policyOf(tenantId: string, environment: string): Promise<EnvironmentPolicy>;
  /** How long a release is watched under traffic before it counts as deployed; 2 s where absent. */
  verifyMs?: number;
}
