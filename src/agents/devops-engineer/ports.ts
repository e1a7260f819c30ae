import type { PlanGeneration } from "../../ports/pipeline-generator.ts";
import type { PipelineRunner } from "../../ports/pipeline-runner.ts";
import type { SecretScanner } from "../../ports/secret-scanner.ts";
import type { Signer } from "../../ports/signer.ts";
import type { SourceControl } from "../../ports/source-control.ts";
import type { Tenants } from "../../ports/tenants.ts";
import type { VulnerabilityScanner } from "../../ports/vulnerability-scanner.ts";

/** What the DevOps Engineer works with. */
export interface DevOpsEngineerPorts {
  sourceControl: SourceControl;
  runner: PipelineRunner;
  planGeneration: PlanGeneration;
  tenants: Pick<Tenants, "get">;
  secretScanner: SecretScanner;
  vulnerabilityScanner: VulnerabilityScanner;
  signer: Pick<Signer, "sign">;
  /** Who builds, for provenance: a URI that its operators own, and the program's version. */
  builder: { id: string; version: string };
}
