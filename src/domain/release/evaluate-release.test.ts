import { describe, expect, it } from "vitest";
import { sampleHandOver } from "../../../test/support/agent-context.ts";
import { environmentPolicySchema, tenantSchema } from "../tenant/tenant.ts";
import { effectivePolicy } from "./effective-policy.ts";
import { evaluateRelease } from "./evaluate-release.ts";
import type { Evidence } from "./gate.ts";
import { gates } from "./gates/index.ts";

const now = "2025-05-23T12:00:00.000Z";

function evidence(more: Partial<Evidence> = {}, policy: object = {}): Evidence {
  return {
    now,
    policy: { ...environmentPolicySchema.parse(policy), environment: "production", selfApproval: false },
    module: sampleHandOver().module,
    version: "1.0.0",
    digests: {
      commit: "c",
      tree: "tree",
      artifact: "a",
      rolloutPlan: "r",
      infrastructurePlan: "i",
      configuration: "k",
      secretVersions: "s",
      policy: "p",
    },
    tests: {
      passed: true,
      applicable: true,
      producer: "runner",
      eventId: "e1",
      summary: "12 of 12 tests passed",
    },
    missingSettings: [],
    dependencies: [],
    blocks: [],
    freeze: {
      active: [],
      release: { tenantId: "acme", environment: "production", releaseId: "release-000001" },
    },
    proposedAt: "2025-05-23T11:00:00.000Z",
    quorum: { met: false, votes: [], missing: 1, open: [] },
    checks: { coverage: [], smoke: [], scans: [], overrides: [] },
    supplyChain: {
      placement: {
        planned: undefined,
        expected: { tenantId: "acme", moduleId: "booking-service" },
        naming: {},
      },
    },
    ...more,
  };
}

const approved = {
  met: true,
  missing: 0,
  open: [],
  votes: [
    {
      id: "vote",
      by: "owner",
      roles: [],
      signature: { good: true as const, label: "signed" },
      comment: "",
      method: "CLI",
      at: "2025-05-23T11:55:00.000Z",
      digests: evidence().digests,
      counts: true,
      note: "counts",
    },
  ],
};

function codes(...args: Parameters<typeof evidence>): string[] {
  const verdict = evaluateRelease(gates, evidence(...args));
  return [verdict.verdict, ...verdict.reasons.map((reason) => reason.code)];
}

describe("a release", () => {
  it("is approved when every gate lets it through", () => {
    expect(codes()).toEqual(["Approved"]);
  });

  it("names who approved it as what, and how a vote counts that counts otherwise than usual", () => {
    const [vote] = approved.votes;
    const votes = [
      { ...vote, by: "max", role: "ReleaseManager" as const },
      { ...vote, by: "sam", note: "self-approved, single person" },
    ] as typeof approved.votes;
    const found = evidence({ quorum: { ...approved, votes } }, { requiresApproval: true });
    const answer = evaluateRelease(gates, found).gates.find(({ gate }) => gate === "approval");
    expect(answer).toMatchObject({ evidence: "max (ReleaseManager), sam (self-approved, single person)" });
  });

  it("is rejected when its tests failed, whoever approved", () => {
    const tests = { passed: false, applicable: true, producer: "runner", eventId: "e1", summary: "1 failed" };
    expect(codes({ tests, quorum: approved }, { requiresApproval: true })).toEqual([
      "Rejected",
      "TestsNotPassed",
    ]);
  });

  it("is rejected without any evidence of tests for exactly its tree", () => {
    const { tests: _, ...without } = evidence();
    expect(evaluateRelease(gates, without).verdict).toBe("Rejected");
  });

  it("passes without tests only where policy does not require them", () => {
    const tests = { passed: true, applicable: false, producer: "runner", eventId: "e1", summary: "" };
    expect(codes({ tests })).toEqual(["Approved"]);
    expect(codes({ tests }, { requireTests: true })).toEqual(["Rejected", "TestsNotPassed"]);
  });

  it("waits for people where policy asks for them", () => {
    expect(codes({}, { requiresApproval: true })).toEqual(["AwaitingApproval", "QuorumNotMet"]);
  });

  it("is held while a needed secret is not set, and says all that it waits for", () => {
    expect(codes({ missingSettings: ["DATABASE_PASSWORD"] }, { requiresApproval: true })).toEqual([
      "Delayed",
      "SecretsMissing",
      "QuorumNotMet",
    ]);
  });

  it("says where a secret is set that lies in a vault outside", () => {
    const { reasons } = evaluateRelease(
      gates,
      evidence({
        missingSettings: ["KEY"],
        module: { ...sampleHandOver().module, needs: { config: [], secrets: ["KEY"] } },
        vault: "openbao https://bao.example secret/acme",
      }),
    );
    expect(reasons[0]?.next).toMatch(
      /^Set it in openbao https:\/\/bao\.example secret\/acme, or: connectsoft /,
    );
  });

  it("says of each gate whether it ends the release or holds it", () => {
    const tests = { ...evidence().tests, passed: false } as NonNullable<Evidence["tests"]>;
    const { gates: answers } = evaluateRelease(
      gates,
      evidence({ tests, missingSettings: ["secret PASSWORD"] }, { requiresApproval: true }),
    );
    const status = Object.fromEntries(answers.map(({ gate, status }) => [gate, status]));
    expect(status).toMatchObject({
      ...{ tests: "Failed", settings: "Held", approval: "Held" },
      ...{ namespace: expect.any(String), coverage: "NotApplicable", freeze: "Passed" },
    });
    for (const { status, effect } of answers) expect(status === "Held").toBe(effect === "holds");
  });

  it("is held when its version was rolled back here before", () => {
    expect(codes({ held: { at: now, reason: "never ready", version: "1.0.0" } })).toEqual([
      "Delayed",
      "VersionHeld",
    ]);
  });

  it("is held while a module that it depends on is not there, and asks people only then", () => {
    const dependencies = [
      {
        status: "ready" as const,
        words: "mail 1.0.0 serves production",
        releaseId: "release-000001",
        occurrence: "1",
      },
      { status: "waiting" as const, words: "nothing of accounts serves production", next: "Deliver it." },
      { status: "unknown" as const, words: "ordrs is no module of this tenant", next: "Correct dependsOn." },
    ];
    const verdict = evaluateRelease(gates, evidence({ dependencies }, { requiresApproval: true }));
    expect(verdict).toMatchObject({ verdict: "Delayed", reasons: [{ code: "DependencyNotReady" }, {}] });
    expect(verdict.reasons[0]?.message).toContain("accounts serves production; ordrs is no module");
    expect(verdict.reasons[0]?.next).toBe("Correct dependsOn.");
    expect(codes({ dependencies: dependencies.slice(0, 1) })).toEqual(["Approved"]);
  });

  it("is held in words where modules wait for each other", () => {
    const dependencies = [{ status: "waiting" as const, words: "", next: "" }];
    const { reasons } = evaluateRelease(gates, evidence({ dependencies, cycle: ["a", "b", "a"] }));
    expect(reasons).toMatchObject([{ code: "DependencyNotReady" }]);
    expect(reasons[0]?.message).toContain("waits for itself: a needs b needs a");
  });

  it("waits out the delay from the last approval, and knows until when", () => {
    const policy = { requiresApproval: true, minDelayBeforeDeploy: "10m" };
    expect(evaluateRelease(gates, evidence({ quorum: approved }, policy))).toMatchObject({
      verdict: "Delayed",
      until: "2025-05-23T12:05:00.000Z",
    });
    expect(codes({ quorum: approved, now: "2025-05-23T12:05:00.000Z" }, policy)).toEqual(["Approved"]);
  });

  it("waits at least ten minutes in compliance mode, whatever less the tenant says, and no tick more", () => {
    const tenant = tenantSchema.parse({
      id: "acme",
      people: [{ id: "jane", roles: ["Developer"] }],
      environments: [{ id: "production" }],
      compliance: { regulated: true },
      releasePolicy: { environments: { production: { minDelayBeforeDeploy: "5s" } } },
    });
    const good = { good: true as const, by: "the tenant's key" };
    const supplyChain = {
      ...evidence().supplyChain,
      ...{ artifact: good, image: "none" as const, pipelines: good, commits: good },
      rollback: { allowed: true, to: "0.9.0" },
      sbom: { status: "There" as const, by: "the build", digest: "sha256:1", components: [] },
    };
    const found = {
      ...evidence({ quorum: approved, supplyChain }),
      policy: effectivePolicy(tenant, "production"),
    };
    const [last] = approved.votes.map(({ at }) => Date.parse(at));
    const verdictAfter = (ms: number) =>
      evaluateRelease(gates, { ...found, now: new Date((last ?? 0) + ms).toISOString() });
    expect(verdictAfter(599_999)).toMatchObject({
      verdict: "Delayed",
      until: new Date((last ?? 0) + 600_000).toISOString(),
      reasons: [{ code: "DelayNotElapsed" }],
    });
    expect(verdictAfter(600_000).verdict).toBe("Approved");
  });
});
