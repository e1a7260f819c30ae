import { agentSettings } from "../domain/agent/agent-settings.ts";
import { policyAsked } from "../domain/release/effective-policy.ts";
import type { AgentContext } from "../ports/agent.ts";
import type { Tenants } from "../ports/tenants.ts";

type Configured = Parameters<typeof agentSettings>[1];

/** How an agent is configured for the delivery at hand. */
export async function settingsAt<Id extends Configured>(
  tenants: Pick<Tenants, "get">,
  agentId: Id,
  { invocation, handOver }: Pick<AgentContext, "invocation" | "handOver">,
): Promise<ReturnType<typeof agentSettings<Id>>> {
  const tenant = await tenants.get(invocation.tenantId);
  const { environment: _, ...place } = policyAsked({ subject: invocation, handOver }, "");
  return agentSettings(tenant, agentId, { ...place, environment: invocation.environment });
}
