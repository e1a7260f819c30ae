/** More or fewer instances of a release that was started. */
import { refuse } from "../../../../../domain/refusal.ts";
import type { RunningRelease, Watch } from "../../../../../ports/target.ts";
import type { ScaleRequest } from "../protocol.ts";
import { placeKey } from "../routing.ts";
import type { Supervisor } from "../supervisor.ts";
import { resize } from "./resize.ts";

export async function scale(
  supervisor: Supervisor,
  request: ScaleRequest,
  watch: Watch,
): Promise<RunningRelease> {
  const { releaseId, moduleId, replicas } = request;
  if (!Number.isSafeInteger(replicas) || replicas < 0)
    throw refuse("InputInvalid", `replicas: expected a whole number from 0, got ${replicas}`);
  const settled = await supervisor.inTurn(placeKey(request), async () => {
    const release = supervisor.get(request);
    const { wanted, spec } = release.record;
    if (wanted === "stopped")
      throw refuse(
        "Conflict",
        `${releaseId} of ${moduleId} was retired and has no instances`,
        "start it again",
      );
    if (spec.fixedPort !== undefined && replicas > 1)
      throw refuse(
        "Conflict",
        `${moduleId} insists on port ${spec.fixedPort}, so that one instance of it can run, not ${replicas}`,
      );
    return await resize(supervisor, release, replicas, watch);
  });
  return await settled();
}
