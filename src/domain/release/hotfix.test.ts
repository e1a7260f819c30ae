import { describe, expect, it } from "vitest";
import { environmentPolicySchema } from "../tenant/tenant.ts";
import type { EffectivePolicy } from "./effective-policy.ts";
import { expedited, type HotfixStatement, hotfixOf } from "./hotfix.ts";

const at = "2026-01-01T12:00:00.000Z";
const place = { environment: "production" };

function chain(...told: [name: string, data: HotfixStatement["data"], environment?: string][]) {
  return told.map(([name, data, environment = "production"], index) => ({
    name,
    data,
    environment,
    sequence: index + 1,
    time: at,
  }));
}

describe("a hotfix", () => {
  it("is for the release that it names, and for no other", () => {
    const told = chain(
      ["ReleaseProposed", { releaseId: "release-000001" }],
      ["HotfixApproved", { by: "max", comment: "prices", releaseId: "release-000001" }],
      ["ReleaseProposed", { releaseId: "release-000002" }],
    );
    expect(hotfixOf(told, { ...place, releaseId: "release-000001" })).toEqual({
      by: "max",
      comment: "prices",
      at,
    });
    expect(hotfixOf(told, { ...place, releaseId: "release-000002" })).toBeUndefined();
  });

  it("is for the release that it had proposed again, and not for the one after that", () => {
    const told = chain(
      ["ReleaseProposed", { releaseId: "release-000001" }],
      ["HotfixApproved", { by: "max", releaseId: "release-000001", again: true }],
      ["ReleaseProposed", { releaseId: "release-000002" }],
      ["ReleaseProposed", { releaseId: "release-000003" }],
    );
    expect(hotfixOf(told, { ...place, releaseId: "release-000002" })?.by).toBe("max");
    expect(hotfixOf(told, { ...place, releaseId: "release-000003" })).toBeUndefined();
  });

  it("of another environment says nothing here", () => {
    const told = chain(["HotfixApproved", { by: "max", releaseId: "release-000001" }, "staging"]);
    expect(hotfixOf(told, { ...place, releaseId: "release-000001" })).toBeUndefined();
  });
});

describe("the expedited path", () => {
  const policyOf = (more: object): EffectivePolicy => ({
    ...environmentPolicySchema.parse({ requiresApproval: true, minApprovers: 2, ...more }),
    environment: "production",
    selfApproval: false,
  });
  const hotfix = { by: "max", comment: "", at };
  const quick = policyOf({
    hotfix: { roles: ["ReleaseManager"], minApprovers: 0, minDelayBeforeDeploy: "0s" },
  });

  it("is what policy says of it", () => {
    expect(expedited(quick, hotfix, ["sam"])).toMatchObject({ roles: ["ReleaseManager"], minApprovers: 0 });
  });

  it("takes another person's approval where the sponsor approved the hotfix", () => {
    expect(expedited(quick, hotfix, ["max"]).minApprovers).toBe(1);
    expect(expedited(quick, hotfix, ["sam", "max"]).minApprovers).toBe(1);
    expect(expedited({ ...quick, selfApproval: true }, hotfix, ["max"]).minApprovers).toBe(0);
  });

  it("is the usual one where policy has none, or nobody approved a hotfix", () => {
    const usual = policyOf({ minDelayBeforeDeploy: "10m" });
    expect(expedited(usual, hotfix, ["sam"])).toEqual(usual);
    expect(expedited(quick, undefined, ["sam"])).toEqual(quick);
  });
});
