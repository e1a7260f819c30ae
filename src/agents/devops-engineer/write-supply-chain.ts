/** SBOM.json and provenance.intoto.json of an artifact, from what its build left; the same build has the same bytes. */
import { sha256 } from "../../domain/canonical-json.ts";
import { withoutCredentials } from "../../domain/delivery/source-address.ts";
import { stepsOf } from "../../domain/pipeline/model-for.ts";
import type { PipelineModel } from "../../domain/pipeline/pipeline-model.ts";
import { RefusalError } from "../../domain/refusal.ts";
import { provenanceOf } from "../../domain/supply-chain/provenance.ts";
import { sbomOf } from "../../domain/supply-chain/sbom.ts";
import type { AgentContext } from "../../ports/agent.ts";
import type { StageReport } from "../../ports/pipeline-runner.ts";
import type { DevOpsEngineerPorts } from "./ports.ts";

export interface SupplyChain {
  sbom?: string;
  provenance: string;
  /** Why there is no SBOM. */
  missing?: string;
}

/** Digests of what was written. Without inventories, or with one that cannot be read, there is no SBOM, and it says so. */
export function writeSupplyChain(
  context: AgentContext,
  { sourceControl, builder }: Pick<DevOpsEngineerPorts, "sourceControl" | "builder">,
  built: { model: PipelineModel; report: StageReport; artifact: string },
): SupplyChain {
  const { handOver, invocation, memory } = context;
  const { model, report, artifact } = built;
  const { commit, tree, inventory = [], finishedAt = invocation.invokedAt } = report;
  const made = tryToList();
  if (made.text !== undefined) memory.write("supply-chain", "SBOM.json", made.text);
  const sbom = made.text === undefined ? undefined : sha256(made.text);
  const provenance = provenanceOf({
    artifacts: [{ name: `${model.moduleId}-${model.version}`, digest: artifact }],
    repository: withoutCredentials(sourceControl.location(handOver.repository)),
    commit,
    tree,
    folder: model.folder,
    stages: [{ name: "build", steps: stepsOf(model, "build").map(({ name, run }) => ({ name, run })) }],
    inventories: inventory.map(({ path, text }) => ({ path, digest: sha256(text) })),
    byproducts: sbom === undefined ? [] : [{ name: "SBOM.json", digest: sbom }],
    builderId: builder.id,
    builderVersion: builder.version,
    invocationId: invocation.invocationId,
    startedOn: report.startedAt ?? invocation.invokedAt,
    finishedOn: finishedAt,
  });
  memory.write("supply-chain", "provenance.intoto.json", provenance);
  return {
    provenance: sha256(provenance),
    ...(sbom !== undefined && { sbom }),
    ...(made.missing !== undefined && { missing: made.missing }),
  };

  function tryToList(): { text?: string; missing?: string } {
    const { tenantId } = invocation;
    const { module } = handOver;
    // A module without dependencies installs nothing, and its SBOM lists nothing.
    if (inventory.length === 0 && report.steps.some(({ name }) => name.startsWith("install")))
      return { missing: "the build left no file that says what was resolved" };
    try {
      const toolVersion = builder.version;
      return {
        text: sbomOf({
          tenantId,
          module,
          commit,
          tree,
          timestamp: finishedAt,
          toolVersion,
          files: inventory,
        }),
      };
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error;
      return { missing: error.refusal.message };
    }
  }
}
