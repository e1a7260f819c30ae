import { failed, type Gate, lacking } from "../gate.ts";

/** Smoke tests passed for exactly this tree; one producer's failure is not hidden by another's success. */
export const smokeTestsGate: Gate = {
  name: "smoke-tests",
  answer({ policy, checks: { smoke }, module }) {
    const bad = smoke.find(({ passed }) => !passed);
    if (bad !== undefined && policy.requireSmokeTests)
      return failed(
        "SmokeTestsNotPassed",
        `Smoke tests of ${module.id} failed: ${bad.summary} (${bad.producer}, ${bad.eventId}).`,
        "Mend the module and hand it over again.",
      );
    const [good] = smoke;
    if (!policy.requireSmokeTests)
      return { status: "NotApplicable", evidence: `${policy.environment} asks for no smoke tests` };
    if (good !== undefined)
      return { status: "Passed", evidence: `${good.summary} (${good.producer}, ${good.eventId})` };
    return lacking(
      "tests",
      failed(
        "SmokeTestsNotPassed",
        `No listed producer has run smoke tests on this tree of ${module.id}, and ${policy.environment} requires them.`,
        "Have your QA state SmokeTestsReady of this commit, then ask for the release again: connectsoft deploy",
      ),
    );
  },
};
