import { join } from "node:path";
import { pipelineRunnerConformance } from "../../../ports/pipeline-runner.conformance.ts";
import { createArtifactStore } from "./create-artifact-store.ts";
import { createLocalRunner } from "./create-local-runner.ts";
import { createTestSource } from "./test-source.ts";

pipelineRunnerConformance("the local runner", async () => {
  const { sourceControl, commit, folder, stop } = await createTestSource();
  const artifacts = createArtifactStore({ root: join(folder, "artifacts") });
  const runner = createLocalRunner({ root: join(folder, "runner"), sourceControl, artifacts });
  return { runner, artifacts, commit, stop };
});
