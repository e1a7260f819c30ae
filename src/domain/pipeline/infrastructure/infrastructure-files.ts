/** What a module needs of the cloud, as a Pulumi program and as Bicep. */
import type { GenerationSubject } from "../generator.ts";
import type { FileSet } from "../pipeline-model.ts";
import { bicepFiles } from "./bicep-files.ts";
import { moduleInfrastructure } from "./module-infrastructure.ts";
import { pulumiFiles } from "./pulumi-files.ts";

/** Undefined where the module needs nothing of the cloud. */
export function infrastructureFiles(subject: GenerationSubject): FileSet | undefined {
  const infrastructure = moduleInfrastructure(subject);
  if (infrastructure === undefined) return undefined;
  const { model } = subject;
  return {
    name: "infrastructure",
    files: [...pulumiFiles(model, infrastructure), ...bicepFiles(model, infrastructure)],
  };
}
