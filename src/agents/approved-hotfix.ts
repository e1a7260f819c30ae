/** The hotfix that a person approved for the release of an invocation. */
import { type Hotfix, hotfixEvents, hotfixOf } from "../domain/release/hotfix.ts";
import type { AgentContext } from "../ports/agent.ts";

export async function approvedHotfix(
  context: AgentContext,
  environment: string,
  releaseId = context.invocation.releaseId,
): Promise<Hotfix | undefined> {
  const told = (await Promise.all(hotfixEvents.map((name) => context.events(name)))).flat();
  const newest = told.filter(
    ({ name, data }) => name === "ReleaseProposed" && data.environment === environment,
  );
  const named = releaseId ?? newest.toSorted((a, b) => b.sequence - a.sequence)[0]?.data.releaseId;
  return typeof named === "string" ? hotfixOf(told, { releaseId: named, environment }) : undefined;
}
