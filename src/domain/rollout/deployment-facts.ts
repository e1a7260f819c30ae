/** What the facts of one module in one environment say about what serves there, and what served before. */

/**
 * Deployed: took the traffic and stayed healthy. Restored: took it back in a rollback. Failed: never took it.
 * RolledBack: lost it, or its attempt, to a rollback; it is no known good release any more. Revoked: nor is this,
 * although it served well: its approval was taken back. Destroyed: it went with its environment, and with it whatever
 * could have been gone back to.
 */
export type DeploymentOutcome = "Deployed" | "Restored" | "Failed" | "RolledBack" | "Revoked" | "Destroyed";

export interface DeploymentFact {
  releaseId: string;
  outcome: DeploymentOutcome;
}

/** The fact by which a release came to serve that still does; undefined where none does. Facts are oldest first. */
export function currentOf<Fact extends DeploymentFact>(facts: readonly Fact[]): Fact | undefined {
  return knownGood(facts).at(-1);
}

/** What served before the release and was not rolled back since: what a rollback of it goes back to. */
export function lastKnownGoodOf<Fact extends DeploymentFact>(
  facts: readonly Fact[],
  releaseId: string,
): Fact | undefined {
  const good = knownGood(facts);
  const own = good.findIndex((fact) => fact.releaseId === releaseId);
  return own === -1 ? good.at(-1) : good[own - 1];
}

/** What shall serve once the release is taken away: the newest known good one that is another. Facts are oldest first. */
export function goodWithout<Fact extends DeploymentFact>(
  facts: readonly Fact[],
  releaseId: string,
): Fact | undefined {
  return knownGood(facts).findLast((fact) => fact.releaseId !== releaseId);
}

/** Releases that served and may serve again, in the order in which each last took the traffic. */
function knownGood<Fact extends DeploymentFact>(facts: readonly Fact[]): Fact[] {
  const good: Fact[] = [];
  for (const fact of facts) {
    if (fact.outcome === "Failed") continue;
    if (fact.outcome === "Destroyed") {
      good.length = 0;
      continue;
    }
    const before = good.findIndex((one) => one.releaseId === fact.releaseId);
    if (before !== -1) good.splice(before, 1);
    if (fact.outcome !== "RolledBack" && fact.outcome !== "Revoked") good.push(fact);
  }
  return good;
}
