import fc from "fast-check";
import semver from "semver";
import { expect, test } from "vitest";
import { asSemver } from "./language-version.ts";

test.each([
  ["1.2.3", "1.2.3"],
  ["1.0", "1.0.0"],
  ["2", "2.0.0"],
  ["v1.2.3-rc.1", "1.2.3-rc.1"],
  ["1.0-SNAPSHOT", "1.0.0-SNAPSHOT"],
  ["2.1rc1", "2.1.0-rc1"],
  ["1.0.0.dev3", "1.0.0-dev3"],
  ["1.0.post2", "1.0.0+post2"],
  ["1.2.3.4", "1.2.3+4"],
  ["2024.01.05", "2024.1.5"],
  ["1.0.0.Final", "1.0.0+Final"],
  ["latest", undefined],
  ["", undefined],
])("%j is %s", (version, expected) => {
  expect(asSemver(version)).toBe(expected);
});

test("is a semantic version or nothing, whatever is given", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.stringMatching(/^\d{1,3}(\.\d{1,4}){0,4}[-.+]?\w{0,6}$/)),
      (text) => {
        const version = asSemver(text);
        expect(version === undefined || semver.valid(version) !== null).toBe(true);
      },
    ),
  );
});
