/** secret-mapping.yaml: where each secret lies in each environment, and how it reaches the process. Never a value. */
import type { GenerationSubject } from "../generator.ts";
import { type FileSet, inModule, type PipelineModel } from "../pipeline-model.ts";
import { yamlFile } from "../yaml-file.ts";
import { secretKey, secretVault } from "./secret-key.ts";

/** Undefined for a module without secrets. */
export function secretMapping({ model, module }: GenerationSubject): FileSet | undefined {
  const names = [...new Set(module.needs.secrets)].toSorted();
  if (names.length === 0) return undefined;
  const mapping = {
    schemaVersion: 1,
    tenant: model.tenantId,
    module: model.moduleId,
    environments: model.environments.map(({ name: environment }) => ({
      environment,
      vault: secretVault(model.tenantId, environment),
      secrets: names.map((name) => mapped(model, environment, name)),
    })),
  };
  return {
    name: "secret-mapping",
    files: [yamlFile(model, inModule(model, "secret-mapping.yaml"), mapping)],
  };
}

function mapped({ tenantId, moduleId }: PipelineModel, environment: string, name: string): object {
  const key = secretKey(tenantId, environment, moduleId, name);
  return { variable: name, vaultSecret: key, externalSecret: { secretKey: name, remoteRef: { key } } };
}
