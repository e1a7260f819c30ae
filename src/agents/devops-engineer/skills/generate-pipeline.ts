/**
 * Writes the pipeline files, commits them to the pull request's branch and says in PipelineSnapshot.yaml what
 * they are. What people changed by hand stays; nothing that a validator refuses is published. A repeated attempt
 * finds its own commit; what somebody pushes meanwhile is looked at again.
 */
import { pipelineSnapshot, stagesDocument } from "../../../domain/pipeline/pipeline-snapshot.ts";
import type { CommitPolicy } from "../../../domain/tenant/delivery-policies.ts";
import type { AgentContext, Skill } from "../../../ports/agent.ts";
import type { GenerationPlan, PlannedFile } from "../../../ports/pipeline-generator.ts";
import { branchOf } from "../../branch-of.ts";
import { commitIdentity } from "../../commit-identity.ts";
import { generationTrailers } from "../../generation-trailers.ts";
import { pipelineDigests } from "../../pipeline-files.ts";
import { settingsAt } from "../../settings-at.ts";
import { traceTrailers } from "../../trace-trailers.ts";
import { moved, untilUnmoved } from "../../until-unmoved.ts";
import { writeVouching } from "../../vouched-for.ts";
import { allLeftOut, leaveOutAndRetry, suggestedLeaveOut, unpublishable } from "../invalid-pipeline.ts";
import type { DevOpsEngineerPorts } from "../ports.ts";
import { type Head, modelOf, pullRequestHead } from "../pull-request-head.ts";
import { snapshotFiles } from "../snapshot-files.ts";

const agent = { name: "ConnectSoft DevOps Engineer", email: "devops-engineer@connectsoft.invalid" };

export function createGeneratePipeline(
  ports: Pick<DevOpsEngineerPorts, "sourceControl" | "tenants" | "planGeneration" | "signer">,
): Skill {
  const { sourceControl, tenants, planGeneration } = ports;
  return async function generatePipeline(context) {
    const { handOver, memory, invocation } = context;
    const { repository, module, targetBranch } = handOver;
    const model = await modelOf(context, ports);
    const { commits } = await tenants.get(invocation.tenantId);
    const policy = await settingsAt(tenants, "devops-engineer", context);
    const leaveOut = await suggestedLeaveOut(context);
    const generated = await untilUnmoved(branchOf(context), async () => {
      const before = await pullRequestHead(sourceControl, context);
      const request = { repository, over: before.commit, history: targetBranch, model, module, policy };
      const plan = await planGeneration({ ...request, leaveOut });
      if (plan.leftOut.length > 0) return leaveOutAndRetry(context, plan.leftOut, leaveOut);
      const errors = plan.findings.filter(({ severity }) => severity === "error");
      if (errors.length > 0) return unpublishable(errors);
      if (module.pipeline === "generate" && plan.files.length === 0) return allLeftOut(leaveOut);
      const head = await commitPlan(context, { plan, before, policy: commits });
      return head === moved ? moved : { plan, head };
    });
    if ("status" in generated) return generated;
    const { plan, head } = generated;
    for (const file of plan.files) tellStatus(context, file);
    for (const file of plan.files)
      if (file.status !== "removed")
        memory.write("pipelines", nameInMemory(file, handOver.folder), file.content);
    memory.write("pipelines", "CIStages.yaml", stagesDocument(invocation, model));
    const files = snapshotFiles(plan, policy.dialects);
    memory.write("pipelines", "PipelineSnapshot.yaml", pipelineSnapshot(invocation, { model, head, files }));
    await writeVouching(ports.signer, context, {
      kind: "pipeline",
      digests: pipelineDigests(files, head.tree),
    });
    const dialects = policy.dialects.filter((name) =>
      plan.files.some(({ set, status }) => set === name && status !== "own"),
    );
    return {
      status: "Success",
      summary: summaryOf(plan, head, module.pipeline === "own"),
      emits: [{ name: "PipelineReady", data: { ...head, dialects } }],
    };
  };

  async function commitPlan(
    context: AgentContext,
    { plan, before, policy }: { plan: GenerationPlan; before: Head; policy: CommitPolicy },
  ): Promise<Head | typeof moved> {
    const { handOver, invocation } = context;
    const written = plan.files.filter(({ status }) => status === "added" || status === "changed");
    const removed = plan.files.filter(({ status }) => status === "removed");
    if (written.length + removed.length === 0) return before;
    const made = await sourceControl.commitOnto({
      repository: handOver.repository,
      branch: branchOf(context),
      base: handOver.targetBranch,
      content: {
        files: written.map(({ path, content }) => ({ path, content })),
        remove: removed.map(({ path }) => path),
      },
      subject: `ci: generate the pipeline of ${invocation.moduleId}`,
      trailers: {
        ...traceTrailers(context),
        ...generationTrailers(invocation.moduleId, plan.generatedTree),
      },
      ...commitIdentity(agent, { policy, sponsor: handOver.sponsor }),
      at: invocation.invokedAt,
      invocationId: invocation.invocationId,
      onto: { commit: before.commit, folder: handOver.folder },
    });
    if (made.status === "moved") return moved;
    const { commit, tree } = made.commit;
    return { commit, tree };
  }
}

function tellStatus({ progress }: AgentContext, { path, status }: PlannedFile): void {
  if (status === "own") progress(`${path} is the module's own and stays as it is`);
  if (status === "conflict")
    progress(`${path} was changed by hand where the generator changed it too; the hand-made text stays`);
}

function nameInMemory({ path }: PlannedFile, folder: string): string {
  return folder !== "" && path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
}

/** The same for every attempt, also for one that finds its files committed. */
function summaryOf({ files }: GenerationPlan, head: Head, own: boolean): string {
  if (own) return "the module keeps its own pipeline; nothing was generated";
  const count = (status: PlannedFile["status"]) => files.filter((file) => file.status === status).length;
  const parts = [
    `${files.length} pipeline files`,
    ...(count("own") > 0 ? [`${count("own")} of them the module's own`] : []),
    ...(count("conflict") > 0 ? [`${count("conflict")} kept as changed by hand`] : []),
  ];
  return `${parts.join(", ")}, ${head.commit.slice(0, 12)}`;
}
