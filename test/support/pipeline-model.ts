/** A pipeline model for tests: a Node service with a build and tests, and what the test says otherwise. */
import type { PipelineModel } from "../../src/domain/pipeline/pipeline-model.ts";
import { pruneCommand } from "../../src/domain/stack/node/npm-commands.ts";

export function samplePipelineModel(otherwise: Partial<PipelineModel> = {}): PipelineModel {
  return {
    tenantId: "vetclinic-001",
    moduleId: "booking-service",
    version: "1.0.0",
    folder: "",
    runtime: { name: "node", version: "24" },
    packageManager: "npm",
    locked: true,
    manifestFiles: ["package.json", "package-lock.json"],
    targetBranch: "main",
    environments: [
      { name: "staging", requiresApproval: false },
      { name: "production", requiresApproval: true },
    ],
    environment: {},
    stages: [
      {
        name: "build",
        steps: [
          { name: "install", run: ["npm", "ci"], timeoutSeconds: 600 },
          { name: "build", run: ["npm", "run", "build"], timeoutSeconds: 600 },
        ],
      },
      { name: "test", steps: [{ name: "test", run: ["node", "--test"], timeoutSeconds: 600 }] },
    ],
    prune: pruneCommand,
    caches: [{ name: "npm", variable: "npm_config_cache", folder: ".npm" }],
    reports: {},
    retry: { limit: 1, backoffSeconds: 5 },
    ...otherwise,
  };
}
