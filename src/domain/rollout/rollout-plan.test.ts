import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { digestOf } from "../canonical-json.ts";
import { moduleSpecSchema } from "../module/module-spec.ts";
import { planRollout, type RolloutPlanInput, rolloutPlanSchema } from "./rollout-plan.ts";

const probe = { httpGet: { path: "/health" } };
const input: RolloutPlanInput = {
  tenantId: "acme",
  environment: "production",
  releaseId: "release-000002",
  version: "1.3.9",
  artifact: `sha256:${"a".repeat(64)}`,
  module: moduleSpecSchema.parse({
    id: "shop",
    version: "1.3.9",
    runtime: "node",
    packageManager: "npm",
    locked: true,
    start: ["node", "server.js"],
    probes: {
      startup: { ...probe, failureThreshold: 30, periodSeconds: 2 },
      readiness: probe,
      liveness: probe,
    },
    needs: { config: [], secrets: [] },
  }),
  serving: { releaseId: "release-000001", version: "1.3.8" },
  rollbackAllowed: true,
  verifyMs: 2_000,
};

test("the same input has the same digest, also after a round trip through YAML", () => {
  const plan = planRollout(input);
  expect(digestOf(parse(stringify(plan)))).toBe(digestOf(planRollout(structuredClone(input))));
  expect(rolloutPlanSchema.parse(parse(stringify(plan)))).toEqual(plan);
});

test("another byte of the artifact, another probe or another release to go back to is another plan", () => {
  const digest = digestOf(planRollout(input));
  expect(digestOf(planRollout({ ...input, artifact: `sha256:${"b".repeat(64)}` }))).not.toBe(digest);
  expect(digestOf(planRollout({ ...input, serving: undefined }))).not.toBe(digest);
  expect(digestOf(planRollout({ ...input, rollbackAllowed: false }))).not.toBe(digest);
});

test("the startup timeout is the probe's whole budget and a while for readiness", () => {
  expect(planRollout(input).timeouts.startupMs).toBe(70_000);
});

test("a first release has nothing to retire and nothing to go back to", () => {
  const plan = planRollout({ ...input, serving: undefined });
  expect(plan.steps.map(({ step }) => step)).toEqual(["start", "switch", "verify"]);
  expect(plan.rollback).toMatchObject({
    to: null,
    steps: ["stop release-000002", "nothing serves, as before"],
  });
});
