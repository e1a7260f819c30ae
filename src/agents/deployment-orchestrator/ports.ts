import type { LogLimits } from "../../domain/environment/log-limits.ts";
import type { Digests } from "../../domain/event/event-catalogue.ts";
import type { EffectivePolicy } from "../../domain/release/effective-policy.ts";
import type { runtimeOf } from "../../domain/rollout/runtime-of.ts";
import type { TargetName } from "../../domain/tenant/tenant.ts";
import type { AgentContext } from "../../ports/agent.ts";
import type { ExternalGates } from "../../ports/external-gates.ts";
import type { Freezes } from "../../ports/freezes.ts";
import type { LostOverrider } from "../../ports/overriders.ts";
import type { ArtifactStore } from "../../ports/pipeline-runner.ts";
import type { ReleaseLedger } from "../../ports/release-ledger.ts";
import type { SecretReference, Settings } from "../../ports/settings.ts";
import type { Signer } from "../../ports/signer.ts";
import type { Target } from "../../ports/target.ts";
import type { Tenants } from "../../ports/tenants.ts";
import type { Traces } from "../../ports/traces.ts";
import type { createVoteCounter } from "../count-votes.ts";
import type { PolicySubject } from "../policy-of-delivery.ts";

/** Of one module's place. */
export interface ReadSettings {
  configuration: Record<string, string>;
  secrets: SecretReference[];
}

/** What the Deployment Orchestrator works with. */
export interface DeploymentOrchestratorPorts {
  targetFor(name: TargetName): Target;
  settings: Settings;
  releases: ReleaseLedger;
  freezes: Freezes;
  lostOverrider: LostOverrider;
  tenants: Pick<Tenants, "get">;
  /** Asked again before anything of a release starts. */
  externalGates: ExternalGates;
  signer: Pick<Signer, "keys">;
  /** Modules that were deployed before it in the same trace. */
  traces: Traces;
  /** Where approved bytes come from when those that were deployed have been changed. */
  artifacts: Pick<ArtifactStore, "restore">;
  /** What an approval binds, as it is now, with settings that were read already where they are given. */
  currentDigests(context: AgentContext, settings?: ReadSettings): Promise<Digests>;
  /** The quorum of a release for these digests, as of a time. */
  countVotes: ReturnType<typeof createVoteCounter>;
  /** Of the delivery at hand. */
  policyOf(context: PolicySubject, environment: string): Promise<EffectivePolicy>;
  /** Where an environment's releases run; where they are containers, the image that they are laid into and the engine. */
  runtimeOf(tenantId: string, environment: string): Promise<ReturnType<typeof runtimeOf>>;
  /** How much of what an environment's releases write is kept. */
  logLimitsOf(tenantId: string, environment: string): Promise<LogLimits>;
  /** How long a release is watched under traffic before it counts as deployed, in place of what policy says. */
  verifyMs?: number;
}
