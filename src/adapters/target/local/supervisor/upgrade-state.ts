/** Reads the state of an earlier version, so that its services are adopted and not lost. */
import type { Identity } from "../runtimes/runtime.ts";
import type { ServiceSpec } from "./protocol.ts";
import type { InstanceRecord, ReleaseRecord, State } from "./state.ts";

/** The form without a version: one process a release, one release with all of a module's traffic. */
interface FirstState {
  routerPort?: number;
  services: FirstService[];
  routes: Record<string, { releaseId: string; since: string }>;
}

type FirstService = Pick<ReleaseRecord, "specDigest" | "directory" | "wanted"> &
  Omit<InstanceRecord, "index" | "folder" | "identity" | "restartsInARow"> & {
    spec: ServiceSpec;
    process?: Identity;
  };

export function upgradeState(found: State | FirstState): State {
  if ("version" in found) return found;
  const { services, routes, routerPort } = found;
  return {
    version: 2,
    generation: 0,
    releases: services.map(upgradeService),
    routes: Object.fromEntries(
      Object.entries(routes).map(([place, { releaseId, since }]) => [
        place,
        [{ releaseId, since, weight: 100, exitsBefore: 0 }],
      ]),
    ),
    commands: [],
    ...(routerPort === undefined ? {} : { routerPort }),
  };
}

function upgradeService({
  spec,
  specDigest,
  directory,
  wanted,
  process,
  ...instance
}: FirstService): ReleaseRecord {
  const identity = process === undefined ? {} : { identity: process };
  return {
    spec,
    specDigest,
    runtime: "process",
    directory,
    wanted,
    replicas: wanted === "running" ? 1 : 0,
    exits: 0,
    instances: [{ ...instance, ...identity, index: 0, folder: "", restartsInARow: 0 }],
  };
}
