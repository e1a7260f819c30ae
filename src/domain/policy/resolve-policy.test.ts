import { describe, expect, test } from "vitest";
import { RefusalError } from "../refusal.ts";
import { effectivePolicy, policyDigest } from "../release/effective-policy.ts";
import { parseTenant } from "../tenant/parse-tenant.ts";
import { inWords, resolvePolicy } from "./resolve-policy.ts";

/** Word for word as the description has them. */
const securityPolicy = `securityPolicy:
  requireApprovalFor:
    - environment: production
      roles: [ProductOwner, ReleaseManager]
  requireSignedImages: true
  enforceChangeFreeze: true
  allowedApprovers:
    vetclinic:
      - user: jane.doe
        role: ProductOwner
`;
const releasePolicy = `releasePolicy:
  environments:
    production:
      requiresApproval: true
      roles: ["ReleaseManager", "SecurityReviewer"]
      minDelayBeforeDeploy: 10m
      requireSignedArtifacts: true
      requireJustification: true
`;
const people = `people:
  - { id: jane.doe, roles: [ProductOwner, StudioAdmin] }
  - { id: max, roles: [ReleaseManager] }
environments: [{ id: staging }, { id: production }]
`;

const tenantOf = (policy: string, id = "vetclinic") => parseTenant(`id: ${id}\n${people}${policy}`, "t.yaml");
const layered = (text: string) => tenantOf(`releasePolicy:\n${text}`);

describe("the two forms of the description", () => {
  test("securityPolicy turns approval on, and says who alone may vote", () => {
    const policy = effectivePolicy(tenantOf(securityPolicy), "production");
    expect(policy).toMatchObject({
      requiresApproval: true,
      roles: ["ProductOwner", "ReleaseManager"],
      requireSignedImages: true,
      enforceChangeFreeze: true,
      approvers: [{ user: "jane.doe", role: "ProductOwner" }],
    });
    expect(effectivePolicy(tenantOf(securityPolicy, "acme"), "production").approvers).toBeUndefined();
    expect(effectivePolicy(tenantOf(securityPolicy), "staging").requiresApproval).toBe(false);
  });

  test("releasePolicy says it of an environment", () => {
    expect(effectivePolicy(tenantOf(releasePolicy), "production")).toMatchObject({
      requiresApproval: true,
      roles: ["ReleaseManager", "SecurityReviewer"],
      minDelayBeforeDeploy: "10m",
      requireSignedArtifacts: true,
      requireJustification: true,
    });
    expect(effectivePolicy(tenantOf(releasePolicy), "staging").requireSignedArtifacts).toBeUndefined();
  });

  test("together they are one policy, where they disagree the stricter, and it is said", () => {
    const { values, notes } = resolvePolicy(tenantOf(securityPolicy + releasePolicy, "acme"), {
      environment: "production",
    });
    expect(values.roles).toEqual(["ReleaseManager"]);
    expect(values).toMatchObject({ requireSignedArtifacts: true, requireSignedImages: true });
    expect(notes).toEqual([
      "securityPolicy says roles: ProductOwner or ReleaseManager, releasePolicy.environments.production says ReleaseManager or SecurityReviewer; the stricter holds: ReleaseManager.",
    ]);
  });

  test("name environments and people that are there", () => {
    expect(refusalOf(() => tenantOf(securityPolicy.replace("jane.doe", "jane.do")))).toContain(
      'securityPolicy allows "jane.do" to approve, who is no person of this tenant',
    );
    expect(
      refusalOf(() => tenantOf(securityPolicy.replace("environment: production", "environment: prod"))),
    ).toContain('securityPolicy is for "prod", which is no environment of this tenant');
    expect(refusalOf(() => tenantOf(securityPolicy.replace("requireSignedImages", "signImages")))).toMatch(
      /unknown key "signImages"; expected .*requireSignedImages/,
    );
  });
});

describe("precedence", () => {
  const policy =
    layered(`  tenant: { minApprovers: 2, scan: { maxSeverity: medium, maxFindings: { medium: 5 } } }
  environments: { production: { requiresApproval: true, minApprovers: 3 } }
  modules:
    billing: { coverage: { lines: 80 }, scan: { maxSeverity: low }, environments: { staging: { minApprovers: 4 } } }
  editions:
    premium: { coverage: { lines: 90, branches: 70 } }
`);

  test("is tenant, environment, module, edition: the more specific wins, key by key", () => {
    expect(effectivePolicy(policy, "staging").minApprovers).toBe(2);
    expect(effectivePolicy(policy, "production").minApprovers).toBe(3);
    const place = { environment: "production", moduleId: "billing", editionId: "premium" };
    expect(effectivePolicy(policy, place)).toMatchObject({
      minApprovers: 3,
      coverage: { lines: 90, branches: 70 },
      scan: { maxSeverity: "low", maxFindings: { medium: 5 } },
    });
    expect(effectivePolicy(policy, { environment: "staging", moduleId: "billing" }).minApprovers).toBe(4);
  });

  test("is told: each key has the place that decided it", () => {
    const { sources } = resolvePolicy(policy, { environment: "production", moduleId: "billing" });
    expect(sources).toMatchObject({
      minApprovers: "releasePolicy.environments.production",
      scan: "releasePolicy.modules.billing",
    });
  });

  test("a locked value can be made stricter, and not looser", () => {
    const locked = layered(`  tenant: { minApprovers: 2, requireSbom: true, drift: correct, locked: true }
  environments: { production: { minApprovers: 1, requireSbom: false, drift: report, requireTests: true } }
  modules: { billing: { minApprovers: 3 } }
`);
    const { values, notes } = resolvePolicy(locked, { environment: "production" });
    expect(values).toMatchObject({
      minApprovers: 2,
      requireSbom: true,
      drift: "correct",
      requireTests: true,
    });
    expect(notes).toContain(
      "releasePolicy.environments.production says minApprovers: 1, and releasePolicy.tenant locks 2.",
    );
    expect(effectivePolicy(locked, { environment: "production", moduleId: "billing" }).minApprovers).toBe(3);
  });

  test("locks the keys that are named, and no others", () => {
    const locked = layered(`  tenant: { minApprovers: 2, requireSbom: true, locked: [requireSbom] }
  environments: { production: { minApprovers: 1, requireSbom: false } }
`);
    expect(effectivePolicy(locked, "production")).toMatchObject({ minApprovers: 1, requireSbom: true });
  });

  test("a module's own wishes only make it stricter", () => {
    const wishes = { minApprovers: 1, coverage: { lines: 10, branches: 50 }, requireSbom: true };
    const asked = { environment: "production", moduleId: "billing", wishes };
    expect(effectivePolicy(policy, asked)).toMatchObject({
      minApprovers: 3,
      coverage: { lines: 80, branches: 50 },
      requireSbom: true,
    });
  });

  test("production that nobody speaks of is approved by a person", () => {
    expect(effectivePolicy(layered("  tenant: { requireTests: true }\n"), "production")).toMatchObject({
      requiresApproval: true,
      requireTests: true,
    });
  });

  test("what does not apply here is not in the digest", () => {
    const digest = (text: string) =>
      policyDigest(effectivePolicy(layered(text), { environment: "production", moduleId: "billing" }));
    const base = "  environments: { production: { minApprovers: 2 } }\n";
    expect(digest(`${base}  modules: { other: { minApprovers: 5 } }\n`)).toBe(digest(base));
    expect(digest(base.replace("production", "staging"))).not.toBe(digest(base));
    expect(digest(`${base}  modules: { billing: { minApprovers: 5 } }\n`)).not.toBe(digest(base));
  });
});

describe("compliance mode", () => {
  const lax = `releasePolicy:
  environments:
    production: { requiresApproval: true, minApprovers: 1, hotfix: { minApprovers: 0, minDelayBeforeDeploy: 0s } }
`;
  const hardenedPolicy = {
    requiresApproval: true,
    minApprovers: 2,
    distinctRoles: true,
    minDelayBeforeDeploy: "10m",
    requireJustification: true,
    requireSignedCommits: true,
    requireSignedArtifacts: true,
    requireSignedImages: true,
    requireSignedPipelines: true,
    requireSbom: true,
    requireRollbackPlan: true,
    enforceChangeFreeze: true,
    compliance: true,
  };

  test.each([
    ["the tenant", "compliance: { regulated: true }\n"],
    ["the environment", "compliance: { environments: [production] }\n"],
    ["the module", "compliance: { modules: [billing] }\n"],
    ["the trace", "compliance: { traces: [trace-2025-05-23-0012] }\n"],
  ])("of %s hardens what is released", (_what, text) => {
    const place = { environment: "production", moduleId: "billing", traceId: "trace-2025-05-23-0012" };
    expect(effectivePolicy(tenantOf(lax + text), place)).toMatchObject(hardenedPolicy);
    expect(effectivePolicy(tenantOf(lax), place)).not.toHaveProperty("compliance");
  });

  test("of the module's own flag does too", () => {
    expect(effectivePolicy(tenantOf(lax), "production", true)).toMatchObject(hardenedPolicy);
  });

  test("leaves what is stricter, and a hotfix is as many people and as late", () => {
    const strict = lax.replace("minApprovers: 1", "minApprovers: 3, minDelayBeforeDeploy: 1h");
    expect(effectivePolicy(tenantOf(strict), "production", true)).toMatchObject({
      minApprovers: 3,
      minDelayBeforeDeploy: "1h",
      hotfix: { minApprovers: 2, minDelayBeforeDeploy: "10m" },
    });
  });

  test("asks a place that nobody approves for evidence, and for no people", () => {
    expect(effectivePolicy(tenantOf(lax), "staging", true)).toMatchObject({
      requiresApproval: false,
      minDelayBeforeDeploy: "0s",
      requireSignedCommits: true,
      requireSbom: true,
    });
  });

  test("ends self-approval for good", () => {
    const alone = `id: local
people: [{ id: ann, roles: [StudioAdmin, ReleaseManager] }]
separationOfDuties: single-person
environments: [{ id: production }]
`;
    expect(effectivePolicy(parseTenant(alone, "t"), "production").selfApproval).toBe(true);
    const regulated = parseTenant(`${alone}compliance: { regulated: true }\n`, "t");
    expect(effectivePolicy(regulated, "production").selfApproval).toBe(false);
  });
});

function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof RefusalError) return error.refusal.message;
    throw error;
  }
  throw new Error("nothing was refused");
}

test("values are told in words, without the signs of a file format", () => {
  expect(inWords([{ roles: ["ProductOwner"], count: 1 }, { people: ["max"] }])).toBe(
    "{count:1, roles:[ProductOwner]}, {people:[max]}",
  );
  expect([inWords(undefined), inWords([]), inWords(["a", "b"]), inWords(true)]).toEqual([
    "nothing",
    "none",
    "a or b",
    "true",
  ]);
});
