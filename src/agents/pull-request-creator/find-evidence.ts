/** What the delivery's own events say of one tree: built, tested, and how it went. */
import type { AgentContext, RecordedEvent } from "../../ports/agent.ts";

export interface Evidence {
  built: RecordedEvent;
  tested: RecordedEvent;
}

/**
 * Counts by tree and not by commit: the same bytes need no second test. Undefined where build or test is
 * missing; of several results the newest counts.
 */
export async function findEvidence(context: AgentContext, tree: string): Promise<Evidence | undefined> {
  const [builds, passes, failures] = await Promise.all([
    context.events("ArtifactBuilt"),
    context.events("TestsPassed"),
    context.events("TestsFailed"),
  ]);
  const built = newestOf(builds, tree);
  const tested = newestOf([...passes, ...failures], tree);
  return built === undefined || tested === undefined ? undefined : { built, tested };
}

function newestOf(events: RecordedEvent[], tree: string): RecordedEvent | undefined {
  return events.filter((event) => event.data.tree === tree).sort((a, b) => b.sequence - a.sequence)[0];
}
