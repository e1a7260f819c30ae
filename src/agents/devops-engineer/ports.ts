import type { PlanGeneration } from "../../ports/pipeline-generator.ts";
import type { PipelineRunner } from "../../ports/pipeline-runner.ts";
import type { SourceControl } from "../../ports/source-control.ts";
import type { Tenants } from "../../ports/tenants.ts";

/** What the DevOps Engineer works with. */
export interface DevOpsEngineerPorts {
  sourceControl: SourceControl;
  runner: PipelineRunner;
  planGeneration: PlanGeneration;
  tenants: Pick<Tenants, "get">;
}
