/** What an approval of a scripted release binds. */
import type { Digests } from "../../src/domain/event/event-catalogue.ts";

export const digest = `sha256:${"a".repeat(64)}`;
export const digests: Digests = {
  commit: "c1",
  tree: "t1",
  artifact: digest,
  rolloutPlan: digest,
  infrastructurePlan: digest,
  configuration: digest,
  secretVersions: digest,
  policy: digest,
};
