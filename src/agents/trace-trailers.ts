import type { AgentContext } from "../ports/agent.ts";

/**
 * What every commit and merge of a delivery says of where it comes from. `Source-Tree` is what was handed over: the
 * base of the next three-way merge, so whatever lands on the target branch has to carry it.
 */
export function traceTrailers({ invocation, handOver }: AgentContext): Record<string, string> {
  const { source, module, reverts } = handOver;
  return {
    "Trace-Id": invocation.traceId,
    "Tenant-Id": invocation.tenantId,
    "Module-Id": invocation.moduleId,
    "Agent-Id": invocation.agentId,
    "Skill-Id": invocation.skillId,
    Version: module.version,
    "Sponsored-by": handOver.sponsor,
    "Source-Tree": source.tree,
    ...(source.kind === "git" && reverts === undefined && { "Source-Commit": source.commit }),
    ...(module.pipeline === "own" && { Pipeline: "own" }),
  };
}
