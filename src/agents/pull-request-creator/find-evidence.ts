/** What the delivery's own events say of its module's content: built, tested, and how it went. */
import type { AgentContext, RecordedEvent } from "../../ports/agent.ts";

export interface Evidence {
  built: RecordedEvent;
  tested: RecordedEvent;
}

/**
 * Counts by tree and not by commit: the same bytes need no second test. `trees`: of the whole commit, and of the
 * module's folder in it. Undefined where build or test is
 * missing; of several results the newest counts. What others state of tests is weighed where a release is
 * decided: to merge, our own runner must have tested.
 */
export async function findEvidence(context: AgentContext, trees: string[]): Promise<Evidence | undefined> {
  const [builds, passes, failures] = await Promise.all([
    context.events("ArtifactBuilt"),
    context.events("TestsPassed"),
    context.events("TestsFailed"),
  ]);
  const built = newestOf(builds, trees);
  const tested = newestOf([...passes, ...failures].filter(isOurs), trees);
  return built === undefined || tested === undefined ? undefined : { built, tested };
}

function newestOf(events: RecordedEvent[], trees: string[]): RecordedEvent | undefined {
  return events
    .filter((event) => trees.includes(String(event.data.tree)))
    .sort((a, b) => b.sequence - a.sequence)[0];
}

function isOurs({ source }: RecordedEvent): boolean {
  return source.startsWith("/agents/");
}
