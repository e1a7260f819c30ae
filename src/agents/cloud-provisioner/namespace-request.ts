import { wantsOf } from "../../domain/environment/wants-of.ts";
import { type Refusal, RefusalError, refuse } from "../../domain/refusal.ts";
import type { AgentContext } from "../../ports/agent.ts";
import type { NamespaceRequest } from "../../ports/provisioner.ts";
import type { CloudProvisionerPorts } from "./ports.ts";

/** What the module needs of an environment, by what was handed over and what the tenant declares of it. */
export async function namespaceRequest(
  { tenants }: CloudProvisionerPorts,
  { invocation, handOver }: AgentContext,
  environment: string,
): Promise<NamespaceRequest & { moduleId: string }> {
  const { tenantId, moduleId } = invocation;
  const { editionId, module } = handOver;
  return {
    tenantId,
    environment,
    moduleId,
    ...(editionId !== undefined && { editionId }),
    ...(module.path !== undefined && { path: module.path }),
    needs: module.needs,
    wants: wantsOf(await tenants.get(tenantId), environment),
  };
}

export function environmentOf({ invocation }: AgentContext): string {
  if (invocation.environment !== undefined) return invocation.environment;
  throw refuse(
    "InputInvalid",
    `${invocation.skillId} works for one environment and none was given.`,
    "Invoke it in an environment's flow.",
  );
}

/** Refusals are told as they are; everything else is a bug, or a peer that is away, and goes up. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof RefusalError) return error.refusal;
  throw error;
}
