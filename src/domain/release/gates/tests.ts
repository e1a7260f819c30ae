import { failed, type Gate, lacking } from "../gate.ts";

/** Tests passed for exactly these bytes; a module without tests passes unless policy asks for some. */
export const testsGate: Gate = {
  name: "tests",
  answer({ tests, policy, digests, module }) {
    const what = `tree ${digests.tree.slice(0, 12)}`;
    if (tests === undefined)
      return lacking(
        "tests",
        failed(
          "TestsNotPassed",
          `No test evidence for ${what} of ${module.id}.`,
          "Rebuild the pipeline: connectsoft rebuild",
        ),
      );
    if (!tests.passed)
      return failed(
        "TestsNotPassed",
        `Tests of ${module.id} failed for ${what}: ${tests.summary}.`,
        "Mend the module and hand it over again.",
      );
    if (tests.applicable)
      return { status: "Passed", evidence: `${tests.summary} (${tests.producer}, ${tests.eventId})` };
    if (policy.requireTests)
      return failed(
        "TestsNotPassed",
        `${module.id} has no tests and ${policy.environment} requires them.`,
        "Add tests to the module and hand it over again.",
      );
    return {
      status: "NotApplicable",
      evidence: `${module.id} has no tests, and ${policy.environment} does not require any`,
    };
  },
};
