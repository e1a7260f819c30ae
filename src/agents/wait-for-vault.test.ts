import { expect, test } from "vitest";
import { fakeContext } from "../../test/support/agent-context.ts";
import { refuse } from "../domain/refusal.ts";
import { VaultAway } from "../domain/vault/vault-away.ts";
import { evaluateWithVault, planAfterVault } from "./wait-for-vault.ts";

const away = new VaultAway("the OpenBao at bao.acme.example", "does not let the server in: HTTP 403");
const release = { releaseId: "release-000001", version: "1.0.0", environment: "production" };
const failing = (error: Error) => async () => {
  throw error;
};

function evaluating() {
  return fakeContext({
    invocation: { environment: "production", releaseId: "release-000001" },
    events: [{ name: "ReleaseProposed", data: release }],
  });
}

test("a release is delayed while its vault is away, with the vault's name, and asked again by itself", async () => {
  const outcome = await evaluateWithVault(failing(away))(evaluating());
  expect(outcome).toMatchObject({
    status: "Delayed",
    until: expect.any(String),
    emits: [
      {
        name: "ReleaseDelayed",
        data: {
          ...release,
          reasons: [
            { code: "SecretsMissing", message: expect.stringContaining("the OpenBao at bao.acme.example") },
          ],
        },
      },
    ],
  });
});

test("a release whose secret is marked as another tenant's is rejected", async () => {
  const marked = refuse("InvalidNamespaceAccess", "the Secret is marked tenant=other", "Mark it.");
  expect(await evaluateWithVault(failing(marked))(evaluating())).toMatchObject({
    status: "Failed",
    retryable: false,
    emits: [{ name: "ReleaseRejected", data: { ...release, reasons: [{ code: "InvalidNamespaceAccess" }] } }],
  });
});

test("planning waits, and anything else that goes wrong is not taken for the vault", async () => {
  expect(await planAfterVault(failing(away))(evaluating())).toMatchObject({ status: "Delayed", emits: [] });
  const other = refuse("NotFound", "There is no tenant.");
  await expect(planAfterVault(failing(other))(evaluating())).rejects.toBe(other);
  await expect(evaluateWithVault(failing(new Error("a defect")))(evaluating())).rejects.toThrow("a defect");
});
