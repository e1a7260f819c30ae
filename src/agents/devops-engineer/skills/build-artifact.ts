/**
 * Builds the head of the pull request's branch, once: the digest of what came out is what every environment
 * gets. A repeated attempt gets the artifact that was kept.
 */
import type { Refusal } from "../../../domain/refusal.ts";
import { signImage } from "../../../domain/supply-chain/image-signature.ts";
import type { AgentContext, AgentOutcome, Skill } from "../../../ports/agent.ts";
import type { StageReport, StepReport } from "../../../ports/pipeline-runner.ts";
import { writeVouching } from "../../vouched-for.ts";
import { lastStep, wordsOf } from "../failed-step.ts";
import type { DevOpsEngineerPorts } from "../ports.ts";
import { type Head, modelOf, pullRequestHead } from "../pull-request-head.ts";
import { updateSnapshot } from "../update-snapshot.ts";
import { type SupplyChain, writeSupplyChain } from "../write-supply-chain.ts";

const producer = "connectsoft-local-runner";

export function createBuildArtifact(ports: DevOpsEngineerPorts): Skill {
  const { sourceControl, runner } = ports;
  return async function buildArtifact(context) {
    const { handOver, invocation, signal } = context;
    const head = await pullRequestHead(sourceControl, context);
    const model = await modelOf(context, ports);
    const report = await runner.run({
      repository: handOver.repository,
      ...head,
      model,
      module: handOver.module,
      stage: "build",
      invocationId: invocation.invocationId,
      signal,
      progress: context.progress,
    });
    signal.throwIfAborted();
    const { artifact, durationMs } = report;
    writeReport(context, head, report);
    if (artifact === undefined) {
      await updateSnapshot(context, "build", { status: "Failed", ...head, durationMs });
      return failed(report, invocation.moduleId);
    }
    const { digest, files, bytes, image } = artifact;
    const supplyChain = writeSupplyChain(context, ports, { model, report, artifact: digest });
    await signBuild(ports, context, { artifact: digest, image, supplyChain });
    await updateSnapshot(context, "build", { status: "Success", ...head, durationMs, artifact: digest });
    return {
      status: "Success",
      summary: `${digest.slice(0, 19)}, ${files} files, ${bytes} bytes`,
      emits: [
        {
          name: "ArtifactBuilt",
          data: {
            ...head,
            ...{ artifact: digest, files, bytes, supplyChain: { ...supplyChain } },
            ...(image !== undefined && { image }),
          },
        },
      ],
    };
  };
}

/** What the build did and printed, whether anything came of it or not. What is in the artifact stands in SBOM.json. */
function writeReport(context: AgentContext, head: Head, { inventory: _, ...report }: StageReport): void {
  const document = { ...report, ...head, producer };
  context.memory.write("pipelines", "BuildReport.json", `${JSON.stringify(document, null, 2)}\n`);
}

/** Vouches for the artifact with what was written about it; of an image in cosign's format too. */
async function signBuild(
  { signer }: DevOpsEngineerPorts,
  context: AgentContext,
  { artifact, image, supplyChain }: { artifact: string; image: string | undefined; supplyChain: SupplyChain },
): Promise<void> {
  const { sbom, provenance } = supplyChain;
  await writeVouching(signer, context, {
    kind: "artifact",
    digests: {
      artifact,
      "provenance.intoto.json": provenance,
      ...(sbom !== undefined && { "SBOM.json": sbom }),
      ...(image !== undefined && { image }),
    },
  });
  if (image === undefined) return;
  const { tenantId } = context.invocation;
  const signature = await signImage(image, (payload) => signer.sign(tenantId, payload));
  context.memory.write("supply-chain", "ImageSignature.json", signature);
}

/** Resolving dependencies may fail for reasons outside and is worth another try; a build is not. */
function failed(report: StageReport, moduleId: string): AgentOutcome {
  const step = lastStep(report);
  const refusal = refusalOf(step, moduleId);
  return {
    status: "Failed",
    retryable: isInstall(step) && step?.ended !== "cancelled",
    refusal,
    emits: [{ name: "PipelineInvalid", data: { reasons: [{ ...refusal }] } }],
  };
}

function refusalOf(step: StepReport | undefined, moduleId: string): Refusal {
  const what = isInstall(step) ? "The dependencies of" : "The build of";
  return {
    code: "ModuleInvalid",
    message: `${what} ${moduleId} ${isInstall(step) ? "cannot be resolved" : "failed"}: ${wordsOf(step)}.`,
    next: "Correct the module and hand it over again, or try again with connectsoft rebuild; pipelines/BuildReport.json in memory has the whole output.",
  };
}

function isInstall(step: StepReport | undefined): boolean {
  return step !== undefined && /^install(-|$)/.test(step.name);
}
