import { failed, type Gate, lacking } from "../gate.ts";

/** So much of the code is run by tests, as the least of the producers that measured exactly this tree say. */
export const coverageGate: Gate = {
  name: "coverage",
  answer({ policy, checks, module }) {
    const { lines, branches } = policy.coverage ?? {};
    if (lines === undefined && branches === undefined)
      return { status: "NotApplicable", evidence: `${policy.environment} asks for no coverage` };
    if (checks.coverage.length === 0)
      return lacking(
        "coverage",
        failed(
          "CoverageTooLow",
          `Nobody who may has measured the coverage of this tree of ${module.id}, and ${policy.environment} asks for ${asked(lines, branches)}.`,
          "Have the tests write a report (lcov, Cobertura or JaCoCo), or hand one in: connectsoft evidence add",
        ),
      );
    for (const measured of checks.coverage) {
      const short =
        shortOf(measured.lines, lines, "lines") ?? shortOf(measured.branches, branches, "branches");
      if (short !== undefined)
        return failed(
          "CoverageTooLow",
          `${module.id}: ${short} (${measured.producer}, ${measured.eventId}).`,
          "Add tests and hand the module over again.",
        );
    }
    const evidence = checks.coverage.map(
      (one) =>
        `${one.lines}% of lines${one.branches === undefined ? "" : `, ${one.branches}% of branches`} (${one.producer}, ${one.eventId})`,
    );
    return { status: "Passed", evidence: evidence.join("; ") };
  },
};

function shortOf(measured: number | undefined, least: number | undefined, what: string): string | undefined {
  if (least === undefined || (measured !== undefined && measured >= least)) return undefined;
  if (measured === undefined) return `its coverage of ${what} is not in the report, ${least}% are asked for`;
  return `${measured}% of its ${what} are covered, ${least}% are asked for`;
}

function asked(lines: number | undefined, branches: number | undefined): string {
  const parts = [
    lines === undefined ? [] : `${lines}% of lines`,
    branches === undefined ? [] : `${branches}% of branches`,
  ];
  return parts.flat().join(" and ");
}
