/** A stage's news for PipelineSnapshot.yaml, as a new version of it. */
import { withStage } from "../../domain/pipeline/pipeline-snapshot.ts";
import type { AgentContext } from "../../ports/agent.ts";

export async function updateSnapshot(
  { memory }: AgentContext,
  stage: string,
  news: { status: "Success" | "Failed" | "Skipped"; [key: string]: unknown },
): Promise<void> {
  const snapshot = await memory.read("pipelines", "PipelineSnapshot.yaml");
  if (snapshot !== undefined)
    memory.write("pipelines", "PipelineSnapshot.yaml", withStage(snapshot, stage, news));
}
