import { expect, it } from "vitest";
import { digests } from "../../../test/support/digests.ts";
import { changesInWords, detailsOf } from "./bound-details.ts";

const parts = {
  rolloutPlan: { strategy: "rolling", steps: ["start", "route"] },
  infrastructurePlan: { namespace: "acme-production" },
  configuration: { GREETING: "hello", ZONE: "utc" },
  secretVersions: { TOKEN: "v1" },
  policy: { minApprovers: 1, requiresApproval: true },
};
const other = `sha256:${"b".repeat(64)}`;

function words(changed: Partial<typeof digests>, after: Partial<typeof parts>, files?: number): string[] {
  const before = { digests, details: detailsOf(parts) };
  return changesInWords(
    before,
    { digests: { ...digests, ...changed }, details: detailsOf({ ...parts, ...after }) },
    files,
  );
}

it("says of each thing what became of it", () => {
  expect(words({ commit: "c3d4" }, {}, 3)).toEqual(["commit c1 -> c3d4: 3 files"]);
  expect(words({ commit: "c3d4" }, {}, 1)).toEqual(["commit c1 -> c3d4: 1 file"]);
  expect(words({ artifact: other }, {})).toEqual(["artifact aaaaaaaaaaaa -> bbbbbbbbbbbb"]);
  expect(words({ configuration: other }, { configuration: { GREETING: "hi", MODE: "x" } as never })).toEqual([
    "configuration: GREETING changed, MODE was added, ZONE was removed",
  ]);
  expect(words({ secretVersions: other }, { secretVersions: { TOKEN: "v2" } })).toEqual([
    "secrets: TOKEN changed",
  ]);
  expect(words({ policy: other }, { policy: { minApprovers: 2, requiresApproval: true } })).toEqual([
    "release policy: minApprovers 1 -> 2",
  ]);
  expect(
    words({ rolloutPlan: other }, { rolloutPlan: { strategy: "canary", steps: ["start", "route"] } }),
  ).toEqual(["rollout plan: strategy changed"]);
});

it("names a value of configuration nowhere", () => {
  expect(JSON.stringify(detailsOf(parts).configuration)).not.toContain("hello");
});

it("tells digests where nothing is known of what stood behind them", () => {
  const after = { digests: { ...digests, configuration: other }, details: detailsOf(parts) };
  expect(changesInWords({ digests, details: undefined }, after)).toEqual([
    "configuration aaaaaaaaaaaa -> bbbbbbbbbbbb",
  ]);
});
