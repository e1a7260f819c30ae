import { type Refusal, RefusalError, refuse } from "../../domain/refusal.ts";
import type { AgentContext } from "../../ports/agent.ts";
import type { NamespaceRequest } from "../../ports/provisioner.ts";

/** What the module needs of an environment, by what was handed over: the same in every attempt. */
export function namespaceRequest(
  { invocation, handOver }: AgentContext,
  environment: string,
): NamespaceRequest {
  const { tenantId, moduleId } = invocation;
  const { editionId } = handOver;
  return {
    tenantId,
    environment,
    moduleId,
    ...(editionId === undefined ? {} : { editionId }),
    needs: handOver.module.needs,
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
