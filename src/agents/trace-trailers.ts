import type { AgentContext } from "../ports/agent.ts";

/** What every commit and merge of a delivery says of where it comes from. */
export function traceTrailers({ invocation, handOver }: AgentContext): Record<string, string> {
  return {
    "Trace-Id": invocation.traceId,
    "Tenant-Id": invocation.tenantId,
    "Module-Id": invocation.moduleId,
    "Module-Version": handOver.module.version,
    Sponsor: handOver.sponsor,
  };
}
