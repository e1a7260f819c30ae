/** Whether those who let a release pass a freeze may still do so; an override stands on them until the release is applied. */
import type { OverridingRole } from "../domain/freeze/freeze.ts";

export interface OverriddenRelease {
  tenantId: string;
  environment: string;
  moduleId: string;
  traceId: string;
  releaseId: string;
  by: string;
  confirmedBy: string;
  /** Roles of which `by` has to hold one. */
  mayOverride: readonly OverridingRole[];
}

/** In words, why one of them may not any more; undefined where both may. */
export type LostOverrider = (release: OverriddenRelease) => Promise<string | undefined>;
