import { describe, expect, it } from "vitest";
import { releaseManagerManifest } from "../../src/agents/release-manager/manifest.ts";
import { createProposeRelease } from "../../src/agents/release-manager/skills/propose-release.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import { type Tenant, tenantSchema } from "../../src/domain/tenant/tenant.ts";
import type { AgentOutcome } from "../../src/ports/agent.ts";
import { fakeContext } from "../support/agent-context.ts";

const releaseId = "release-000007";
const regulated = { compliance: { environments: ["production"] } };
const setUp = {
  ...regulated,
  commits: {
    types: ["feat", "fix"],
    requireSigned: true,
    sign: { format: "ssh", key: "/etc/connectsoft/signing-key" },
  },
  naming: { namespaces: "^vetclinic-", resources: "^[a-z-]+$" },
};

function tenantOf(more: JsonObject): Tenant {
  return tenantSchema.parse({
    id: "vetclinic-001",
    people: [
      { id: "jane.doe", roles: ["ProductOwner", "StudioAdmin"] },
      { id: "max", roles: ["ReleaseManager"] },
    ],
    environments: [{ id: "staging" }, { id: "production" }],
    ...more,
  });
}

function propose(more: JsonObject, environment = "production"): Promise<AgentOutcome> {
  const tenant = tenantOf(more);
  const skill = createProposeRelease({
    ledger: {
      allocate: async () => releaseId,
      isHeld: async () => undefined,
      current: async () => undefined,
    },
    tenants: { get: async () => tenant },
  });
  return skill(fakeContext({ manifest: releaseManagerManifest, invocation: { environment } }));
}

const reasonsOf = (outcome: AgentOutcome) => {
  const rejected = outcome.emits?.find(({ name }) => name === "ReleaseRejected");
  return (rejected?.data.reasons as { code: string; message: string; next: string }[] | undefined) ?? [];
};

describe("a release in compliance mode", () => {
  it("is rejected when it is proposed, with everything that has to be set up", async () => {
    const outcome = await propose(regulated);
    expect(outcome).toMatchObject({ status: "Failed", retryable: false });
    const reasons = reasonsOf(outcome);
    expect(reasons.map(({ code }) => code)).toEqual([
      "UnsignedCommit",
      "CommitMessageInvalid",
      "NamingPolicy",
    ]);
    expect(reasons.map(({ next }) => next).join(" ")).toMatch(
      /commits\.sign.*commits\.types.*naming\.namespaces/,
    );
  });

  it("is proposed where everything is set up, and says that it is in it", async () => {
    const outcome = await propose(setUp);
    expect(outcome.status).toBe("Success");
    expect(outcome.emits?.[0]?.data).toMatchObject({ releaseId, compliance: "production is regulated" });
    const elsewhere = await propose(setUp, "staging");
    expect(elsewhere.emits?.[0]?.data).not.toHaveProperty("compliance");
  });

  it("needs a way back, the branch main, and two people of different roles", async () => {
    const without = await propose({
      ...setUp,
      repositories: { targetBranch: "trunk" },
      people: [{ id: "jane.doe", roles: ["ProductOwner", "StudioAdmin"] }],
      releasePolicy: { environments: { production: { requiresApproval: true, rollbackAllowed: false } } },
    });
    expect(reasonsOf(without).map(({ code }) => code)).toEqual([
      "BranchPolicy",
      "RollbackNotAllowed",
      "QuorumNotMet",
    ]);
    const oneRole = await propose({
      ...setUp,
      people: [
        { id: "jane.doe", roles: ["ReleaseManager"] },
        { id: "max", roles: ["ReleaseManager"] },
      ],
    });
    expect(reasonsOf(oneRole)[0]?.message).toContain(
      "each in another role, and only jane.doe, max may approve",
    );
  });
});

it("without compliance mode nothing of it is asked", async () => {
  expect((await propose({})).status).toBe("Success");
});
