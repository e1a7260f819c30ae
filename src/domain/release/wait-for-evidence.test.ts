import { expect, test } from "vitest";
import { type Tenant, tenantSchema } from "../tenant/tenant.ts";
import type { EffectivePolicy } from "./effective-policy.ts";
import { evaluateRelease } from "./evaluate-release.ts";
import type { Evidence, Gate } from "./gate.ts";
import { coverageGate } from "./gates/coverage.ts";
import { settingsGate } from "./gates/settings.ts";
import { signedArtifactGate } from "./gates/signatures.ts";
import { evidenceWait } from "./wait-for-evidence.ts";

const proposedAt = "2026-11-23T10:00:00.000Z";
const later = "2026-11-23T12:00:00.000Z";
const ssh = "lee ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGy8j2nOqfhpNdWZkFlLqWc0A1lQnIhCHDs7mPzKjTgA";
const asked = { environment: "production", waitForEvidence: "2h", requireSignedArtifacts: true };

function tenantWith({ signers = [{ id: "desk", ssh }], kinds = ["signature", "coverage"] } = {}): Tenant {
  return tenantSchema.parse({
    id: "acme",
    people: [{ id: "jane", roles: ["Developer"] }],
    environments: [{ id: "production" }],
    evidence: { producers: [{ id: "signing-desk", kinds }], signers },
  });
}

function judged(
  gates: readonly Gate[],
  more: { now: string; policy?: object; tenant?: Tenant; unset?: string[] },
) {
  const policy = { ...asked, ...more.policy } as unknown as EffectivePolicy;
  const wait = evidenceWait(policy, more.tenant ?? tenantWith(), proposedAt);
  const evidence = {
    now: more.now,
    policy,
    module: { id: "shop", needs: { config: [], secrets: ["API_KEY"] } },
    digests: { artifact: `sha256:${"a".repeat(64)}` },
    missingSettings: more.unset ?? [],
    checks: { coverage: [], smoke: [], scans: [], overrides: [] },
    supplyChain: { artifact: { good: false, why: "no signature of desk was found" } },
    ...(wait !== undefined && { evidenceWait: wait }),
  } as unknown as Evidence;
  return evaluateRelease(gates, evidence);
}

test("what a listed producer may still hand in is waited for, with who and until when", () => {
  expect(judged([signedArtifactGate], { now: proposedAt })).toMatchObject({
    verdict: "Delayed",
    until: later,
    gates: [{ gate: "signed-artifact", effect: "holds", until: later }],
    reasons: [
      {
        code: "UnsignedArtifact",
        next: expect.stringMatching(
          /^It waits for signing-desk until 2026-11-23T12:00:00.000Z, and is rejected then\./,
        ),
      },
    ],
  });
});

test("in the moment at which the wait ends it is rejected", () => {
  expect(judged([signedArtifactGate], { now: later })).toMatchObject({
    verdict: "Rejected",
    gates: [{ effect: "rejects" }],
  });
});

test("the wait ends in its time where something holds the release for longer", () => {
  const policy = { coverage: { lines: 80 } };
  const gates = [settingsGate, coverageGate] as const;
  expect(judged(gates, { now: proposedAt, policy, unset: ["API_KEY"] })).toMatchObject({
    verdict: "Delayed",
    until: later,
  });
});

test.each([
  ["policy lets none wait", { policy: { waitForEvidence: undefined } }],
  ["nobody is listed who hands signatures in", { tenant: tenantWith({ kinds: ["scan"] }) }],
  ["no key of others is listed", { tenant: tenantWith({ signers: [] }) }],
  ["policy takes the tenant's own signature alone", { policy: { signers: ["own"] } }],
])("it is rejected at once where %s", (_why, more) => {
  expect(judged([signedArtifactGate], { now: proposedAt, ...more }).verdict).toBe("Rejected");
});
