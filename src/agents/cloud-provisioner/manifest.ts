import { agentOverlays } from "../../domain/agent/agent-overlays.ts";
import type { AgentManifest } from "../../domain/agent/manifest.ts";

export const cloudProvisionerManifest: AgentManifest = {
  agentId: "cloud-provisioner",
  promise:
    "Makes the namespace of an environment by plan and apply, and applies no plan but the one that was approved.",
  skills: ["ProvisionAhead", "PlanInfrastructure", "ApplyInfrastructure"],
  triggers: ["ReleaseIntentDeclared", "BlueprintValidated", "ProvisionRequested", "ReleaseApproved"],
  awaits: ["ModuleReady"],
  reads: ["env/InfrastructurePlan.json"],
  writes: [
    "env/InfrastructurePlan.json",
    "env/PlanSignature.sigstore.json",
    "env/EnvironmentConfig.yaml",
    "env/DNSBindings.yaml",
  ],
  emits: ["InfraProvisioned", "InfraFailed", "ReleaseDelayed", "EscalationRaised"],
  outcomes: { done: "InfraProvisioned", failed: "InfraFailed" },
  overlay: agentOverlays["cloud-provisioner"],
  hostBound: true,
};
