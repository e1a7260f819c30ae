/** Starts a release, or finds it: resolves when all of its instances are ready, or one has failed. */
import { digestOf } from "../../../../../domain/canonical-json.ts";
import { refuse } from "../../../../../domain/refusal.ts";
import type { RunningRelease, Watch } from "../../../../../ports/target.ts";
import type { StartRequest } from "../protocol.ts";
import type { Release } from "../release.ts";
import { placeKey } from "../routing.ts";
import type { ReleaseRecord } from "../state.ts";
import { onDisk } from "../state-file.ts";
import type { Supervisor } from "../supervisor.ts";
import { requireFixedPort } from "./require-room.ts";
import { resize } from "./resize.ts";

export async function start(
  supervisor: Supervisor,
  request: StartRequest,
  watch: Watch,
): Promise<RunningRelease> {
  await supervisor.runtimes.require(request, watch.progress);
  const settled = await supervisor.inTurn(placeKey(request.spec), () => begin(supervisor, request, watch));
  return await settled();
}

/** Returns what waits for its instances: that is no longer in turn. */
async function begin(
  supervisor: Supervisor,
  request: StartRequest,
  watch: Watch,
): Promise<() => Promise<RunningRelease>> {
  const record = recordOf(request);
  const known = supervisor.find(request.spec);
  const release =
    known !== undefined && isSame(known, record) ? known : await anew(supervisor, request, record, known);
  return await resize(supervisor, release, record.replicas, watch);
}

/** The record and the environment are on disk when it returns; nothing is launched yet. */
async function anew(
  supervisor: Supervisor,
  { spec }: StartRequest,
  record: ReleaseRecord,
  known: Release | undefined,
): Promise<Release> {
  if (known?.hasTraffic && known.instances.some(({ isUp }) => isUp)) {
    throw refuse(
      "Conflict",
      `${spec.releaseId} of ${spec.moduleId} serves with other settings`,
      "propose a new release",
    );
  }
  requireFixedPort(supervisor, record.spec, { replicas: record.replicas });
  await known?.end();
  await onDisk("the environment of the release", () => supervisor.environments.write(spec, spec.environment));
  return supervisor.add({ ...record, replicas: 0 });
}

function recordOf({
  spec: { environment, registryLogin: _, ...spec },
  runtime,
  directory,
  replicas,
}: StartRequest): ReleaseRecord {
  const { replicas: declared = 1, ...rest } = spec;
  return {
    spec,
    // How many there are is no matter of what they are.
    specDigest: digestOf({ ...rest, environment }),
    runtime,
    directory,
    wanted: "running",
    replicas: replicas ?? declared,
    exits: 0,
    instances: [],
  };
}

function isSame({ record }: Release, wanted: ReleaseRecord): boolean {
  return (
    record.specDigest === wanted.specDigest &&
    record.runtime === wanted.runtime &&
    record.wanted === "running"
  );
}
