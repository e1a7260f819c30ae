/** The branch that a delivery works on. */
import { traceBranch } from "../domain/pull-request/trace-branch.ts";
import type { AgentContext } from "../ports/agent.ts";

export function branchOf({ invocation, handOver }: AgentContext): string {
  return traceBranch(invocation, handOver.sharedBranch === true);
}
