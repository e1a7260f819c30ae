import { expect, test } from "vitest";
import { VaultAway } from "../../domain/vault/vault-away.ts";
import type { LedgerEntry } from "../../ports/release-ledger.ts";
import type { Settings } from "../../ports/settings.ts";
import type { RunningRelease, Target } from "../../ports/target.ts";
import { startAsItWas } from "./start-as-it-was.ts";

const away = new VaultAway("openbao", "cannot be reached");
const entry = {
  releaseId: "release-000001",
  spec: { secrets: [{ name: "API_KEY", versionId: "module/1@x" }], configuration: {} },
} as unknown as LedgerEntry;
const settings = {
  revealSecrets: async () => {
    throw away;
  },
} as unknown as Settings;
const watch = { signal: new AbortController().signal, progress() {} };

function targetWith(...releases: Partial<RunningRelease>[]): Target {
  return { list: async () => releases } as unknown as Target;
}

test("a release that runs still takes the traffic back although its vault is away, and its texts are withheld", async () => {
  const running = { releaseId: "release-000001", state: "serving" as const };
  const { release, redact } = await startAsItWas({ settings, target: targetWith(running) }, entry, watch);
  expect(release).toMatchObject(running);
  expect(redact("key s3cret")).not.toContain("s3cret");
});

test.each([
  [[]],
  [[{ releaseId: "release-000001", state: "crashed" as const }]],
  [[{ releaseId: "release-000002", state: "serving" as const }]],
])("one that does not run waits for its vault: %j", async (releases) => {
  await expect(startAsItWas({ settings, target: targetWith(...releases) }, entry, watch)).rejects.toBe(away);
});
