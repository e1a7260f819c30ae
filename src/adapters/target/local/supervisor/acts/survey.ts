/** How every release with traffic is, in one look: from memory alone, because many are looked at every few seconds. */
import type { LiveRelease } from "../../../../../ports/target.ts";
import type { Release } from "../release.ts";
import type { Supervisor } from "../supervisor.ts";

export function survey(supervisor: Supervisor, { runtime }: { runtime: string }): LiveRelease[] {
  return supervisor
    .all()
    .filter((release) => release.record.runtime === runtime && release.hasTraffic)
    .map(statementOf);
}

function statementOf(release: Release): LiveRelease {
  const { namespace, moduleId, releaseId } = release.record.spec;
  const { record } = release;
  const reason = release.loop() ?? release.spokesman()?.record.reason;
  return {
    namespace,
    moduleId,
    releaseId,
    state: release.state(),
    restartCount: record.instances.reduce((sum, { restartCount }) => sum + restartCount, 0),
    failing: release.instances.flatMap((instance) => instance.unhealthy() ?? []),
    ...(reason !== undefined && { reason }),
    instances: {
      ready: release.instances.filter((instance) => instance.isUp).length,
      total: release.instances.length,
    },
  };
}
