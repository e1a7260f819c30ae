/** The environments of a promotion path as a pipeline sees them: which of them people guard. */
import type { PipelineEnvironment } from "../pipeline/pipeline-model.ts";
import type { Tenant } from "../tenant/tenant.ts";
import { effectivePolicy } from "./effective-policy.ts";

export function pipelineEnvironments(tenant: Tenant, names: readonly string[]): PipelineEnvironment[] {
  return names.map((name) => ({ name, requiresApproval: effectivePolicy(tenant, name).requiresApproval }));
}
