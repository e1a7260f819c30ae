import { expect, test } from "vitest";
import type { Bump } from "./change.ts";
import { decideVersion, type VersionFacts } from "./decide-version.ts";

function decide(over: Partial<VersionFacts> & { bump?: Bump }) {
  const { bump, ...facts } = over;
  const changes = bump === undefined ? [] : [{ bump, text: "GET /a was removed" }];
  return decideVersion({ declared: "1.0.0", previous: "1.0.0", changed: true, changes, ...facts });
}

test.each([
  ["1.4.2", "1.4.2"],
  ["0.0.0", "0.1.0"],
])("a new module that declares %s is %s", (declared, version) => {
  expect(decide({ declared, previous: undefined })).toMatchObject({ previous: null, version });
});

test.each<[string, Bump | undefined, string]>([
  ["1.2.3", "breaking", "2.0.0"],
  ["1.2.3", "feature", "1.3.0"],
  ["1.2.3", "fix", "1.2.4"],
  ["1.2.3", undefined, "1.2.4"],
  ["0.2.3", "breaking", "0.3.0"],
  ["0.2.3", "feature", "0.3.0"],
  ["0.2.3", "fix", "0.2.4"],
  ["2.0.0-rc.1", "breaking", "2.0.0-rc.2"],
])("other content under the same version %s, a %s, is %s", (previous, bump, version) => {
  const decision = decide({ declared: previous, previous, ...(bump === undefined ? {} : { bump }) });
  expect(decision.version).toBe(version);
});

test("a module that still declares an old version goes on from the newest one", () => {
  expect(decide({ declared: "1.0.0", previous: "1.0.4" }).version).toBe("1.0.5");
});

test("a version that the module declares above the last one is its version", () => {
  expect(decide({ declared: "3.0.0", previous: "1.0.4" })).toMatchObject({
    version: "3.0.0",
    bump: "breaking",
  });
});

test("a declared version that promises less than what changed stands, and the record says so", () => {
  const decision = decide({ declared: "1.0.1", bump: "breaking" });
  expect(decision).toMatchObject({ version: "1.0.1", bump: "breaking" });
  expect(decision.reasons.join(" ")).toContain("at least 2.0.0 was expected");
});

test("unchanged content has the version that it has", () => {
  expect(decide({ changed: false })).toMatchObject({ version: "1.0.0", bump: "none" });
  expect(decide({ changed: false, declared: "1.1.0" })).toMatchObject({ version: "1.1.0" });
});

test("taking a release back is never a new major version", () => {
  expect(decide({ previous: "1.1.0", bump: "breaking", restores: true }).version).toBe("1.2.0");
});

test("a version whose tag is there already is passed over", () => {
  expect(decide({ bump: "fix", taken: ["1.0.1", "1.0.2"] }).version).toBe("1.0.3");
});
