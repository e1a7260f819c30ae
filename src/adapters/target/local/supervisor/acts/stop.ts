/** Ends every service and the router; what has traffic comes back with the next supervisor. Or lets all of it run on. */
import type { Supervisor } from "../supervisor.ts";

export async function stop(supervisor: Supervisor): Promise<{ stopped: string[] }> {
  const running = supervisor.all().filter(({ record }) => record.wanted === "running");
  const stopped = running
    .filter(({ record }) => record.instances.some(({ identity }) => identity !== undefined))
    .map(
      ({ record: { spec } }) => `${spec.moduleId} ${spec.version} in ${spec.namespace} (${spec.releaseId})`,
    );
  for (const release of running) if (!release.hasTraffic) release.record.wanted = "stopped";
  await supervisor.persistLater();
  await supervisor.commands.end(() => true);
  await Promise.all(running.map((release) => release.end()));
  await supervisor.persistLater();
  await supervisor.router.stop();
  return { stopped };
}

export async function handOver(supervisor: Supervisor): Promise<void> {
  for (const release of supervisor.all()) release.letGo();
  supervisor.commands.letGo();
  await supervisor.persistLater();
  supervisor.router.letGo();
}
