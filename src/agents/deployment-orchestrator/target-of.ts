import type { RecordedSpec } from "../../ports/release-ledger.ts";
import type { Target } from "../../ports/target.ts";
import type { DeploymentOrchestratorPorts } from "./ports.ts";

/** The target that a release was started on, whatever its environment's target is by now. */
export function targetOf(
  ports: Pick<DeploymentOrchestratorPorts, "targetFor">,
  spec: Pick<RecordedSpec, "target">,
): Target {
  return ports.targetFor(spec.target ?? "process");
}
