import { describe, expect, it } from "vitest";
import { effectivePolicy } from "../release/effective-policy.ts";
import { evaluateRelease } from "../release/evaluate-release.ts";
import type { Evidence, Gate } from "../release/gate.ts";
import { freezeGate } from "../release/gates/freeze.ts";
import { tenantSchema } from "../tenant/tenant.ts";
import { type FreezeEvidence, refusalOfFreeze, weaknessOf } from "./freeze-override.ts";

const active = [
  {
    id: "black-friday",
    reason: "Black Friday",
    timeZone: "Europe/Berlin",
    until: "2026-11-30T06:00:00.000Z",
    mayOverride: ["StudioApprover" as const],
  },
];
const release = { tenantId: "acme", environment: "production", releaseId: "release-000007" };
const frozen: FreezeEvidence = { active, until: "2026-11-30T06:00:00.000Z", release };
const policy = effectivePolicy(
  tenantSchema.parse({
    id: "acme",
    people: [{ id: "jane", roles: ["StudioAdmin"] }],
    environments: [{ id: "production" }],
  }),
  "production",
);
const digests = {
  commit: "c",
  tree: "t",
  artifact: "a",
  rolloutPlan: "r",
  infrastructurePlan: "i",
  configuration: "k",
  secretVersions: "s",
  policy: "p",
};

const evaluate = (freeze: FreezeEvidence, approval: "Passed" | "Failed") => {
  const approvalGate: Gate = {
    name: "approval",
    answer: () =>
      approval === "Passed"
        ? { status: "Passed", evidence: "owner" }
        : { status: "Failed", refusal: { code: "QuorumNotMet", message: "needs 1 approval" } },
  };
  return evaluateRelease([approvalGate, freezeGate], { freeze, policy } as unknown as Evidence);
};

describe("the freeze gate", () => {
  it("holds an approved release until the freeze ends, in words with the zone of the freeze", () => {
    expect(evaluate(frozen, "Passed")).toMatchObject({
      verdict: "Delayed",
      until: "2026-11-30T06:00:00.000Z",
      reasons: [
        {
          code: "FreezeActive",
          message: "production of acme is frozen until Mon 2026-11-30 07:00 Europe/Berlin (Black Friday).",
          next:
            "Nothing to do: it goes on by itself when the freeze ends. If it cannot wait, ask a StudioApprover " +
            'with the claim override.freeze: studio override-freeze release-000007 --reason "..."',
        },
      ],
    });
  });

  it("lets people approve meanwhile", () => {
    expect(evaluate(frozen, "Failed")).toMatchObject({
      verdict: "AwaitingApproval",
      reasons: [{ code: "QuorumNotMet" }, { code: "FreezeActive" }],
    });
  });

  it("has no time where a freeze has no end, and says who can end it", () => {
    const [{ until: _none, ...open }] = active as [(typeof active)[0]];
    const verdict = evaluate({ active: [{ ...open, mayOverride: [] }], release }, "Passed");
    expect(verdict).not.toHaveProperty("until");
    expect(verdict.reasons[0]?.next).toBe(
      'It goes on when black-friday is lifted (connectsoft freeze lift black-friday --reason "..."), or given an end in tenant.yaml. ' +
        "It cannot be overridden.",
    );
  });

  it("lets pass what may, and where policy enforces no freezes it is not asked", () => {
    expect(evaluate({ ...frozen, passes: "overridden by ada" }, "Passed").verdict).toBe("Approved");
    const gates = evaluateRelease([freezeGate], {
      freeze: frozen,
      policy: { ...policy, enforceChangeFreeze: false },
    } as unknown as Evidence);
    expect(gates).toMatchObject({ verdict: "Approved", gates: [{ status: "NotApplicable" }] });
  });
});

describe("an override", () => {
  const override = {
    by: "ada",
    confirmedBy: "max",
    reason: "payment provider changes its certificate",
    freezes: ["black-friday"],
    digests,
    expiresAt: "2026-11-27T14:00:00.000Z",
  };
  const latest = new Date("2026-11-27T13:59:59Z");

  it("holds for the freezes, the digests and the time that it was given for", () => {
    expect(weaknessOf(override, { active, digests, latest })).toBeUndefined();
  });

  it("is void for anything else, and says so", () => {
    const late = new Date("2026-11-27T14:00:00Z");
    expect(weaknessOf(override, { active, digests, latest: late })).toBe(
      "it held until 2026-11-27T14:00:00.000Z",
    );
    const audit = { ...active[0], id: "audit", reason: "audit" } as (typeof active)[0];
    expect(weaknessOf(override, { active: [...active, audit], digests, latest })).toBe(
      "it was not for audit",
    );
    for (const name of Object.keys(digests))
      expect(weaknessOf(override, { active, digests: { ...digests, [name]: "other" }, latest })).toBe(
        `changed since then: ${name}`,
      );
    expect(refusalOfFreeze({ ...frozen, overrideVoid: "changed since then: artifact" })?.message).toMatch(
      /Its override does not count: changed since then: artifact\.$/,
    );
  });
});
