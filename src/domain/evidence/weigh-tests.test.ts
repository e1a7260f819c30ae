import { expect, test } from "vitest";
import { counts, weighTests } from "./weigh-tests.ts";

const policy = { producers: [{ id: "jenkins", kinds: ["tests" as const] }] };
const said = (source: string, name: string, sequence: number) => ({ source, name, sequence });

test("statements of our agents and of listed producers of that kind count, and no others", () => {
  expect(counts("/agents/devops-engineer", "tests", policy)).toBe(true);
  expect(counts("/ci/jenkins", "tests", policy)).toBe(true);
  expect(counts("/ci/jenkins", "scan", policy)).toBe(false);
  expect(counts("/ci/stranger", "tests", policy)).toBe(false);
  for (const source of ["/cli", "/studio", "/upstream/jenkins", "/ci/jenkins/x"])
    expect(counts(source, "tests", policy)).toBe(false);
});

test("nobody's success hides another's failure, and one's own success ends it", () => {
  const failed = said("/ci/jenkins", "TestsFailed", 1);
  const ours = said("/agents/devops-engineer", "TestsPassed", 2);
  expect(weighTests([ours, failed])).toBe(failed);
  const again = said("/ci/jenkins", "TestsPassed", 3);
  expect(weighTests([failed, ours, again])).toBe(again);
  expect(weighTests([])).toBeUndefined();
});
