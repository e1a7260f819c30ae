/** The commit that is built and tested: where the trace's branch stands now. */
import { modelFor } from "../../domain/pipeline/model-for.ts";
import type { PipelineModel } from "../../domain/pipeline/pipeline-model.ts";
import { refuse } from "../../domain/refusal.ts";
import { pipelineEnvironments } from "../../domain/release/pipeline-environments.ts";
import type { AgentContext } from "../../ports/agent.ts";
import type { SourceControl } from "../../ports/source-control.ts";
import type { Tenants } from "../../ports/tenants.ts";
import { branchOf } from "../branch-of.ts";

export interface Head {
  commit: string;
  tree: string;
}

export async function pullRequestHead(sourceControl: SourceControl, context: AgentContext): Promise<Head> {
  const { repository } = context.handOver;
  const branch = branchOf(context);
  const head = await sourceControl.tip(repository, branch);
  if (head !== undefined) return head;
  throw refuse(
    "NotFound",
    `${repository} has no branch ${branch}, so there is nothing to build.`,
    "Commit the module again: connectsoft commit.",
  );
}

/** The model that is generated from, and that the runner executes. */
export async function modelOf(
  { handOver, invocation }: AgentContext,
  { tenants }: { tenants: Pick<Tenants, "get"> },
): Promise<PipelineModel> {
  const { module, folder, targetBranch } = handOver;
  const { tenantId } = invocation;
  const tenant = await tenants.get(tenantId);
  const environments = pipelineEnvironments(tenant, handOver.environments);
  return modelFor({ tenantId, module, folder, targetBranch, environments });
}
