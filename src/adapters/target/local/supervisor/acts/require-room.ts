/** Whether a release that insists on a port can have it, and whether what it needs from elsewhere can be had. */
import { refuse } from "../../../../../domain/refusal.ts";
import { isListenedOn } from "../../runtimes/process/listening-ports.ts";
import type { RoomRequest, ServiceSpec } from "../protocol.ts";
import type { ReleaseRecord } from "../state.ts";
import type { Supervisor } from "../supervisor.ts";

/** Before what serves of the module ends for it: that would give its own port back. */
export async function requireRoom(supervisor: Supervisor, request: RoomRequest): Promise<void> {
  const { spec } = request;
  const { fixedPort } = spec;
  const own = supervisor.of(spec).some(({ record }) => holdsPort(record) && listensOn(record, fixedPort));
  if (!own) requireFixedPort(supervisor, spec, { replicas: 1 });
  await supervisor.runtimes.require(request, () => {});
}

/** A service that heeds no port variable can run once on a host. */
export function requireFixedPort(
  supervisor: Supervisor,
  { fixedPort, moduleId }: ServiceSpec,
  { replicas }: { replicas: number },
): void {
  if (fixedPort === undefined) return;
  const words = `${moduleId} insists on port ${fixedPort}`;
  if (replicas > 1)
    throw refuse(
      "Conflict",
      `${words}, so that one instance of it can run, not ${replicas}`,
      "let it heed its port variable",
    );
  const holder = supervisor.all().find(({ record }) => holdsPort(record) && listensOn(record, fixedPort));
  if (holder !== undefined) {
    const { releaseId, moduleId: other, namespace } = holder.record.spec;
    throw refuse(
      "Conflict",
      `${words}, which ${releaseId} of ${other} in ${namespace} holds`,
      other === moduleId
        ? "retire that release first (strategy recreate does), or let the service heed its port variable"
        : "choose another port for one of them, or let it heed its port variable",
    );
  }
  if (isListenedOn(fixedPort))
    throw refuse(
      "Conflict",
      `${words}, which another program on this host listens on`,
      `end that program (ss -ltnp 'sport = :${fixedPort}' names it), or choose another port`,
    );
}

function listensOn({ spec, instances }: ReleaseRecord, port: number | undefined): boolean {
  return port !== undefined && (spec.fixedPort === port || instances.some((one) => one.port === port));
}

function holdsPort({ wanted, instances }: ReleaseRecord): boolean {
  return (
    wanted === "running" &&
    instances.some(({ identity, phase }) => identity !== undefined || phase === "starting")
  );
}
