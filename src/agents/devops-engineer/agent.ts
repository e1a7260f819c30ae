import type { Agent } from "../../ports/agent.ts";
import { devopsEngineerManifest } from "./manifest.ts";
import type { DevOpsEngineerPorts } from "./ports.ts";
import { createBuildArtifact } from "./skills/build-artifact.ts";
import { createGeneratePipeline } from "./skills/generate-pipeline.ts";
import { createRunScan } from "./skills/run-scan.ts";
import { createRunTests } from "./skills/run-tests.ts";

export function createDevOpsEngineer(ports: DevOpsEngineerPorts): Agent {
  return {
    manifest: devopsEngineerManifest,
    skills: {
      GeneratePipeline: createGeneratePipeline(ports),
      BuildArtifact: createBuildArtifact(ports),
      RunTests: createRunTests(ports),
      RunScan: createRunScan(ports),
    },
  };
}
