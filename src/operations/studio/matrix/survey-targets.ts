/** How everything with traffic on this host is, in one look at each kind of target. */
import { targetNames } from "../../../domain/tenant/tenant.ts";
import type { LiveRelease } from "../../../ports/target.ts";
import type { System } from "../../system.ts";

/** By `<namespace>/<module>/<release>`; undefined where the supervisor does not answer. */
export async function surveyTargets({
  targets,
}: Pick<System, "targets">): Promise<Map<string, LiveRelease> | undefined> {
  try {
    const all = await Promise.all(targetNames.map((name) => targets[name].survey()));
    return new Map(
      all.flat().map((release) => [`${release.namespace}/${release.moduleId}/${release.releaseId}`, release]),
    );
  } catch {
    return undefined;
  }
}
