import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { roleSchema } from "../tenant/role.ts";
import { isAsStrict, stricterOf, stricterValues } from "./stricter.ts";

const percent = fc.integer({ min: 0, max: 100 });
const count = fc.integer({ min: 0, max: 9 });
const licences = fc.uniqueArray(fc.constantFrom("MIT", "Apache-2.0", "GPL-3.0-only", "AGPL-3.0-only"));
const some = <T>(shape: Record<string, fc.Arbitrary<T>>) => fc.record(shape, { requiredKeys: [] });
const severities = ["none", "low", "medium", "high", "critical"];

const values: Record<string, fc.Arbitrary<unknown>> = {
  requiresApproval: fc.boolean(),
  requireSbom: fc.boolean(),
  distinctRoles: fc.boolean(),
  minApprovers: fc.integer({ min: 1, max: 5 }),
  minDelayBeforeDeploy: fc.constantFrom("0s", "30s", "10m", "2h", "600s"),
  approvalExpiry: fc.constantFrom("1h", "60m", "3d"),
  roles: fc.uniqueArray(fc.constantFrom(...roleSchema.options)),
  coverage: some({ lines: percent, branches: percent }),
  scan: some<unknown>({
    maxSeverity: fc.constantFrom(...severities),
    maxFindings: some({ low: count, high: count, critical: count }),
  }),
  licences: some<unknown>({ allow: licences, deny: licences, undeclared: fc.constantFrom("allow", "deny") }),
};

describe("of two values of a key", () => {
  test.each(Object.entries(values))(
    "%s: the stricter lets through nothing that either does not",
    (key, arbitrary) => {
      fc.assert(
        fc.property(
          fc.option(arbitrary, { nil: undefined }),
          fc.option(arbitrary, { nil: undefined }),
          (a, b) => {
            const holds = stricterOf(key, a, b);
            expect(isAsStrict(key, a, holds)).toBe(true);
            expect(isAsStrict(key, b, holds)).toBe(true);
            expect(isAsStrict(key, holds, stricterOf(key, b, a))).toBe(true);
          },
        ),
      );
    },
  );

  test("whose order nobody knows, what was said first stands", () => {
    expect(stricterOf("drift", "correct", "report")).toBe("correct");
    expect(stricterOf("rollout", { strategy: "canary" }, { strategy: "recreate" })).toEqual({
      strategy: "canary",
    });
  });

  test("freezes hold where nobody says otherwise", () => {
    expect(stricterOf("enforceChangeFreeze", false, true)).toBe(true);
    expect(stricterOf("enforceChangeFreeze", undefined, false)).toBe(true);
    expect(isAsStrict("enforceChangeFreeze", undefined, false)).toBe(false);
    expect(isAsStrict("enforceChangeFreeze", undefined, true)).toBe(true);
  });

  test("an allow list is what both allow, a deny list what either denies", () => {
    const [one, other] = [{ allow: ["MIT", "ISC"] }, { allow: ["MIT"], deny: ["ISC"] }];
    expect(stricterValues({ licences: one }, { licences: other })).toEqual({
      licences: { allow: ["MIT"], deny: ["ISC"] },
    });
  });
});
