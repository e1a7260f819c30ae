import fc from "fast-check";
import { expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { digestOf } from "../canonical-json.ts";
import { moduleSpecSchema } from "../module/module-spec.ts";
import { environmentPolicySchema, type Strategy, strategySchema } from "../tenant/tenant.ts";
import { planRollout, type RolloutPlan, type RolloutPlanInput, rolloutPlanSchema } from "./rollout-plan.ts";

const probe = { httpGet: { path: "/health" } };
const shop = {
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
};
const input: RolloutPlanInput = {
  tenantId: "acme",
  environment: "production",
  releaseId: "release-000002",
  version: "1.3.9",
  artifact: `sha256:${"a".repeat(64)}`,
  target: "process",
  module: moduleSpecSchema.parse(shop),
  policy: environmentPolicySchema.parse({}),
  serving: { releaseId: "release-000001", version: "1.3.8", replicas: 1 },
};

test("the same input has the same digest, also after a round trip through YAML", () => {
  const plan = planRollout(input);
  expect(digestOf(parse(stringify(plan)))).toBe(digestOf(planRollout(structuredClone(input))));
  expect(rolloutPlanSchema.parse(parse(stringify(plan)))).toEqual(plan);
});

test("another byte of the artifact, another strategy or another release to go back to is another plan", () => {
  const digest = digestOf(planRollout(input));
  expect(digestOf(planRollout({ ...input, artifact: `sha256:${"b".repeat(64)}` }))).not.toBe(digest);
  expect(digestOf(planRollout({ ...input, serving: undefined }))).not.toBe(digest);
  expect(digestOf(planRollout({ ...input, policy: policy({ rollbackAllowed: false }) }))).not.toBe(digest);
  expect(digestOf(planRollout({ ...input, policy: rollout({ strategy: "canary" }) }))).not.toBe(digest);
});

test("the startup timeout is the probe's whole budget and a while for readiness", () => {
  expect(planRollout(input).timeouts.startupMs).toBe(70_000);
});

test("a first release has nothing to retire and nothing to go back to", () => {
  const plan = planRollout({ ...input, serving: undefined });
  expect(stepNames(plan)).toEqual(["start", "route", "verify"]);
  expect(plan.rollback).toMatchObject({
    to: null,
    steps: ["stop release-000002", "nothing serves, as before"],
  });
});

test("a canary goes up by the policy's weights, and a pause without a time waits for a person", () => {
  const canary = [
    { weight: 5, pause: "30s" },
    { weight: 40, pause: "promoted" },
  ];
  const plan = planRollout({ ...input, policy: rollout({ strategy: "canary", canary }) });
  expect(plan.steps.map(({ does }) => does)).toEqual([
    "start 1 instance of 1.3.9 beside 1.3.8 and wait until ready",
    "send 5 % of the traffic to 1.3.9, 95 % to 1.3.8",
    "watch 1.3.9 with 5 % of the traffic for 30s",
    "send 40 % of the traffic to 1.3.9, 60 % to 1.3.8",
    "watch 1.3.9 with 40 % of the traffic until a person promotes it",
    "send all traffic to 1.3.9",
    "watch 1.3.9 for 2 s: exits and probes, at most 5 % of 20 or more requests may fail",
    "drain and stop release-000001 (1.3.8)",
  ]);
  expect(plan.steps.map(({ timeoutMs }) => timeoutMs)).toContain(null);
});

test("a version that is released again is told from itself by the releases' numbers", () => {
  const serving = { releaseId: "release-000001", version: "1.3.9", replicas: 1 };
  const plan = planRollout({ ...input, serving, policy: rollout({ strategy: "canary" }) });
  expect(plan.steps[1]?.does).toBe(
    "send 10 % of the traffic to 1.3.9 (release-000002), 90 % to 1.3.9 (release-000001)",
  );
  expect(plan.steps.at(-1)?.does).toBe("drain and stop release-000001 (1.3.9)");
});

test("a module with a fixed port is recreated whatever policy says, and the plan says why", () => {
  const module = moduleSpecSchema.parse({ ...shop, fixedPort: true, port: 8080, replicas: 3 });
  const plan = planRollout({ ...input, module, policy: rollout({ strategy: "rolling" }) });
  expect(plan).toMatchObject({ strategy: "recreate", replicas: 1, fixedPort: 8080 });
  expect(plan.why).toContain("listens on port 8080 whatever it is told");
  expect(stepNames(plan)).toEqual(["retire", "start", "route", "verify"]);
  expect(() => planRollout({ ...input, module: { ...module, port: undefined } as never })).toThrow(
    /ModuleInvalid/,
  );
});

test("in containers a module with a fixed port rolls out as policy says, because each has a network of its own", () => {
  const module = moduleSpecSchema.parse({ ...shop, fixedPort: true, port: 8080, replicas: 3 });
  const plan = planRollout({
    ...{ ...input, module, policy: rollout({ strategy: "rolling" }) },
    ...{ target: "container", engine: "docker", registry: { address: "127.0.0.1:5000/acme" } },
  });
  expect(plan).toMatchObject({ strategy: "rolling", replicas: 3, containerPort: 8080, engine: "docker" });
  expect(plan.registry).toEqual({ address: "127.0.0.1:5000/acme" });
  expect(plan.fixedPort).toBeUndefined();
});

test("migrations stand before and after the traffic moves, and one without a way back marks the rollback", () => {
  const migrate = {
    before: { run: ["npm", "run", "expand"], undo: ["npm", "run", "shrink"] },
    after: { run: ["npm", "run", "contract"] },
  };
  const plan = planRollout({ ...input, module: moduleSpecSchema.parse({ ...shop, migrate }) });
  expect(stepNames(plan)).toEqual(["migrate", "start", "route", "verify", "retire", "after"]);
  expect(plan.rollback.codeOnly).toBe(true);
  expect(plan.rollback.irreversible).toEqual([
    "`npm run contract` cannot be taken back: a rollback brings back the code, not the data",
  ]);
  expect(plan.rollback.steps).toContain("run `npm run shrink` once");
  const reversible = moduleSpecSchema.parse({ ...shop, migrate: { before: migrate.before } });
  expect(planRollout({ ...input, module: reversible }).rollback.codeOnly).toBe(false);
});

test("checks are asked under all of the traffic, before the window is over", () => {
  const checks = [
    { name: "smoke", http: { path: "/", contains: "welcome" } },
    { name: "self-test", command: ["node", "check.js"] },
  ];
  const plan = planRollout({ ...input, policy: rollout({ verification: { checks } }) });
  expect(stepNames(plan)).toEqual(["start", "route", "check", "check", "verify", "retire"]);
  expect(plan.steps[2]?.does).toBe('check smoke: GET / answers 200 with "welcome"');
});

test("a plan of an earlier version is applied as it was meant", () => {
  const earlier = {
    ...planRollout(input),
    steps: [
      { step: "start", does: "start it", timeoutMs: 70_000 },
      { step: "switch", does: "move the traffic", timeoutMs: 0 },
      { step: "verify", does: "watch", timeoutMs: 2_000 },
      { step: "retire", does: "drain and stop release-000001", timeoutMs: 10_000 },
    ],
    retry: { limit: 0 },
  };
  const plan = rolloutPlanSchema.parse(earlier);
  expect(stepNames(plan)).toEqual(["start", "route", "verify", "retire"]);
  expect(plan.steps[1]).toMatchObject({ shares: [{ releaseId: "release-000002", weight: 100 }] });
  expect(plan.steps[3]).toMatchObject({ releaseId: "release-000001" });
});

const anyPlan = fc
  .record({
    strategy: fc.constantFrom<Strategy>(...strategySchema.options),
    fixedPort: fc.boolean(),
    replicas: fc.integer({ min: 1, max: 12 }),
    servingReplicas: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
    canary: fc.array(
      fc.record({ weight: fc.integer({ min: 1, max: 99 }), pause: fc.constantFrom("5s", "promoted") }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ strategy, fixedPort, replicas, servingReplicas, canary }) => {
    const serving =
      servingReplicas === undefined ? undefined : { ...input.serving, replicas: servingReplicas };
    const module = moduleSpecSchema.parse({ ...shop, replicas, fixedPort, port: 8080 });
    const one = { ...input, module, policy: rollout({ strategy, canary }), serving };
    return { plan: planRollout(one as RolloutPlanInput), servingReplicas };
  });

test("except in recreate, some ready instance has the traffic at every moment", () => {
  fc.assert(
    fc.property(anyPlan, ({ plan, servingReplicas }) => {
      if (servingReplicas === undefined || plan.strategy === "recreate") return;
      for (const { instances, shares } of momentsOf(plan, servingReplicas)) {
        expect(shares.length).toBeGreaterThan(0);
        for (const { releaseId } of shares) expect(instances[releaseId] ?? 0).toBeGreaterThan(0);
      }
    }),
  );
});

test("weights add up to 100, and it ends with all traffic on all instances of the new release, and the old one gone", () => {
  fc.assert(
    fc.property(anyPlan, ({ plan, servingReplicas }) => {
      const moments = momentsOf(plan, servingReplicas ?? 0);
      for (const { shares } of moments) {
        if (shares.length > 0) expect(shares.reduce((sum, { weight }) => sum + weight, 0)).toBe(100);
      }
      expect(moments.at(-1)).toEqual({
        instances: { "release-000001": 0, "release-000002": plan.replicas },
        shares: [{ releaseId: "release-000002", weight: 100 }],
      });
    }),
  );
});

test("a rolling rollout never runs more than one instance above what either release needs", () => {
  fc.assert(
    fc.property(anyPlan, ({ plan, servingReplicas }) => {
      if (plan.strategy !== "rolling" || servingReplicas === undefined) return;
      const most = Math.max(plan.replicas, servingReplicas) + 1;
      for (const { instances } of momentsOf(plan, servingReplicas))
        expect((instances["release-000001"] ?? 0) + (instances["release-000002"] ?? 0)).toBeLessThanOrEqual(
          most,
        );
    }),
  );
});

test("a plan is the same document after it was written and read", () => {
  fc.assert(
    fc.property(anyPlan, ({ plan }) => {
      expect(digestOf(parse(stringify(plan)))).toBe(digestOf(rolloutPlanSchema.parse(plan)));
    }),
  );
});

interface Moment {
  instances: Record<string, number>;
  shares: { releaseId: string; weight: number }[];
}

/** What runs and where the traffic goes after each step; a target's promises, without a target. */
function momentsOf(plan: RolloutPlan, servingReplicas: number): Moment[] {
  let moment: Moment = {
    instances: { "release-000001": servingReplicas },
    shares: servingReplicas === 0 ? [] : [{ releaseId: "release-000001", weight: 100 }],
  };
  return plan.steps.map((step) => {
    const { instances } = moment;
    switch (step.step) {
      case "start":
        moment = { ...moment, instances: { ...instances, [plan.releaseId]: step.replicas } };
        break;
      case "scale":
        moment = { ...moment, instances: { ...instances, [step.releaseId]: step.replicas } };
        break;
      case "route":
        moment = { ...moment, shares: step.shares };
        break;
      case "retire":
        moment = {
          instances: { ...instances, [step.releaseId]: 0 },
          shares: moment.shares.filter(({ releaseId }) => releaseId !== step.releaseId),
        };
        break;
      default:
        break;
    }
    return moment;
  });
}

function stepNames(plan: RolloutPlan): string[] {
  return plan.steps.map(({ step }) => step);
}

function policy(more: object) {
  return environmentPolicySchema.parse(more);
}

function rollout(more: object) {
  return environmentPolicySchema.parse({ rollout: more });
}

test("secrets reach a service as its environment says, else as the module says, else in variables", () => {
  const wanting = { ...input.module, secretsAs: "file" as const };
  expect(planRollout(input)).not.toHaveProperty("secretsAs");
  expect(planRollout({ ...input, module: wanting }).secretsAs).toBe("file");
  expect(planRollout({ ...input, secretsAs: "file" }).secretsAs).toBe("file");
  expect(planRollout({ ...input, module: wanting, secretsAs: "environment" })).not.toHaveProperty(
    "secretsAs",
  );
});
