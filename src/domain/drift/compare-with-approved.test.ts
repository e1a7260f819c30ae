import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareWithApproved, digestOfDifferences, type ObservedRelease } from "./compare-with-approved.ts";

const approved = {
  releaseId: "release-000002",
  version: "1.1.0",
  artifact: `sha256:${"a".repeat(64)}`,
  replicas: 2,
};
const same: ObservedRelease = {
  releaseId: "release-000002",
  traffic: true,
  weight: 100,
  instances: 2,
  artifact: approved.artifact,
  changedVariables: [],
};
const kinds = (...observed: ObservedRelease[]) =>
  compareWithApproved(approved, observed).map(({ kind }) => kind);

describe("what runs, compared with what was approved", () => {
  it("does not differ where it is what was deployed, and a release that ended beside it says nothing", () => {
    expect(kinds(same)).toEqual([]);
    expect(
      kinds(same, { ...same, releaseId: "release-000001", traffic: false, weight: 0, instances: 0 }),
    ).toEqual([]);
  });

  it("names each difference in words", () => {
    const [files] = compareWithApproved(approved, [{ ...same, artifact: `sha256:${"b".repeat(64)}` }]);
    expect(files?.words).toBe(
      "The files of 1.1.0 (release-000002) are not the approved ones: expected sha256:aaaaaaaaaaaa, found sha256:bbbbbbbbbbbb.",
    );
    const { artifact: _gone, ...without } = same;
    expect(kinds(without)).toEqual(["artifact"]);
    expect(kinds({ ...same, changedVariables: ["LOG_LEVEL"] })).toEqual(["configuration"]);
    expect(kinds({ ...same, instances: 1 })).toEqual(["instances"]);
    expect(kinds({ ...same, weight: 50 }, { ...same, releaseId: "release-000009", weight: 50 })).toEqual([
      "weight",
      "unknown-release",
    ]);
    expect(kinds()).toEqual(["not-serving"]);
    expect(kinds({ ...same, traffic: false })).toEqual(["not-serving"]);
    expect(compareWithApproved(undefined, [same]).map(({ kind }) => kind)).toEqual(["unknown-release"]);
  });

  it("shows no more of a strange command line than its program and first argument", () => {
    const command = { wanted: ["node", "server.js"], found: ["node", "other.js", "--token", "s3cret"] };
    expect(JSON.stringify(compareWithApproved(approved, [{ ...same, command }]))).not.toContain("s3cret");
  });

  it("gives the same name to the same differences, whatever the order in which releases are told", () => {
    const observed = fc.array(
      fc.record({
        releaseId: fc.constantFrom("release-000001", "release-000002", "release-000003"),
        traffic: fc.boolean(),
        weight: fc.integer({ min: 0, max: 100 }),
        instances: fc.integer({ min: 0, max: 3 }),
        changedVariables: fc.subarray(["A", "B"]),
      }),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(observed, (found) => {
        const unique = [...new Map(found.map((one) => [one.releaseId, one])).values()];
        const differences = compareWithApproved(approved, unique);
        const turned = compareWithApproved(approved, unique.toReversed());
        expect(digestOfDifferences(turned)).toBe(digestOfDifferences(differences));
      }),
    );
  });
});
