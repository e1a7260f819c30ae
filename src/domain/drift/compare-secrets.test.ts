import { expect, test } from "vitest";
import { compareSecrets } from "./compare-secrets.ts";

const runs = {
  releaseId: "release-000002",
  version: "1.1.0",
  secrets: [
    { name: "B_KEY", versionId: "module/1" },
    { name: "A_KEY", versionId: "module/4" },
  ],
};

test("a new version of a secret differs from what runs, by name and version and without a value", () => {
  const newest = [
    { name: "A_KEY", versionId: "module/5" },
    { name: "B_KEY", versionId: "module/1" },
  ];
  expect(compareSecrets(runs, newest)).toEqual([
    {
      kind: "secret-version",
      releaseId: "release-000002",
      approved: "A_KEY module/4",
      found: "A_KEY module/5",
      variables: ["A_KEY"],
      words:
        "1.1.0 (release-000002) runs with an older version of A_KEY than there is now. Release it anew: connectsoft redeploy 1.1.0",
    },
  ]);
});

test("a secret that was taken away differs, and one that was added does not", () => {
  const [difference] = compareSecrets(runs, [
    { name: "A_KEY", versionId: "module/4" },
    { name: "C_KEY", versionId: "module/1" },
  ]);
  expect(difference).toMatchObject({ variables: ["B_KEY"], found: "B_KEY none" });
  expect(difference?.words).toContain("with B_KEY, which was taken away");
  expect(compareSecrets(runs, [...runs.secrets, { name: "C_KEY", versionId: "module/1" }])).toEqual([]);
});
