/**
 * Builds the head of the pull request's branch, once: the digest of what came out is what every environment
 * gets. A repeated attempt gets the artifact that was kept.
 */
import type { Refusal } from "../../../domain/refusal.ts";
import type { AgentOutcome, Skill } from "../../../ports/agent.ts";
import type { StageReport, StepReport } from "../../../ports/pipeline-runner.ts";
import { lastStep, wordsOf } from "../failed-step.ts";
import type { DevOpsEngineerPorts } from "../ports.ts";
import { modelOf, pullRequestHead } from "../pull-request-head.ts";
import { updateSnapshot } from "../update-snapshot.ts";

export function createBuildArtifact({ sourceControl, runner, tenants }: DevOpsEngineerPorts): Skill {
  return async function buildArtifact(context) {
    const { handOver, invocation, signal } = context;
    const head = await pullRequestHead(sourceControl, context);
    const report = await runner.run({
      repository: handOver.repository,
      ...head,
      model: await modelOf(context, { tenants }),
      stage: "build",
      invocationId: invocation.invocationId,
      signal,
      progress: context.progress,
    });
    signal.throwIfAborted();
    const { artifact, durationMs } = report;
    if (artifact === undefined) {
      await updateSnapshot(context, "build", { status: "Failed", ...head, durationMs });
      return failed(report, invocation.moduleId);
    }
    const { digest, files, bytes } = artifact;
    await updateSnapshot(context, "build", { status: "Success", ...head, durationMs, artifact: digest });
    return {
      status: "Success",
      summary: `${digest.slice(0, 19)}, ${files} files, ${bytes} bytes`,
      emits: [{ name: "ArtifactBuilt", data: { ...head, artifact: digest, files, bytes } }],
    };
  };
}

/** Resolving dependencies may fail for reasons outside and is worth another try; a build is not. */
function failed(report: StageReport, moduleId: string): AgentOutcome {
  const step = lastStep(report);
  const refusal = refusalOf(step, moduleId);
  return {
    status: "Failed",
    retryable: step?.name === "install" && step.ended !== "cancelled",
    refusal,
    emits: [{ name: "PipelineInvalid", data: { reasons: [{ ...refusal }] } }],
  };
}

function refusalOf(step: StepReport | undefined, moduleId: string): Refusal {
  const what = step?.name === "install" ? "The dependencies of" : "The build of";
  return {
    code: "ModuleInvalid",
    message: `${what} ${moduleId} ${step?.name === "install" ? "cannot be resolved" : "failed"}: ${wordsOf(step)}.`,
    next: "Correct the module and hand it over again, or try again with connectsoft rebuild.",
  };
}
