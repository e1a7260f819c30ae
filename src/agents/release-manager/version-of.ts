import type { AgentContext } from "../../ports/agent.ts";

/** The version that the Code Committer gave the commit; what was handed over declares it where that says nothing. */
export async function versionOf(context: AgentContext): Promise<string> {
  const [commit] = await context.events("CommitReady");
  const version = commit?.data.version;
  return typeof version === "string" ? version : context.handOver.module.version;
}
