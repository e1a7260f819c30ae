import { failed, type Gate } from "../gate.ts";

/** A version that was rolled back here does not come again by itself: a person asks for it. */
export const heldVersionGate: Gate = {
  name: "held-version",
  answer({ held, version, policy }) {
    if (held === undefined)
      return { status: "Passed", evidence: `version ${version} is not held in ${policy.environment}` };
    const what =
      held.version === version
        ? `Version ${version} was`
        : `Version ${held.version}, which is the same bytes, was`;
    return failed(
      "VersionHeld",
      `${what} rolled back in ${policy.environment} at ${held.at} (${held.reason}) and is held.`,
      `Hand over a mended version, or ask for this one again: connectsoft redeploy ${version} --env ${policy.environment}`,
    );
  },
};
