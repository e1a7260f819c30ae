import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTestDatabase } from "../../../../test/support/database.ts";
import { createTurns } from "../../../domain/in-turn.ts";
import type { Dns } from "../../../ports/dns.ts";
import { provisionerConformance } from "../../../ports/provisioner.conformance.ts";
import type { ProvisionedNamespace } from "../../../ports/provisioner.ts";
import type { Settings } from "../../../ports/settings.ts";
import { createLocalProvisioner, type LocalProvisionerOptions } from "./create-local-provisioner.ts";

async function createSubject() {
  const { pool, drop } = await createTestDatabase();
  const root = await mkdtemp(join(tmpdir(), "provisioner-"));
  const provisioner = createLocalProvisioner({
    pool,
    settings: fixedSettings,
    storageRoot: join(root, "storage"),
    dns: noDns,
    inTurn: createTurn(),
  });
  return {
    provisioner,
    spoil: (made: ProvisionedNamespace) => rm(made.storage, { recursive: true }),
    async dispose() {
      await drop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

provisionerConformance("the local provisioner", createSubject);

test("storage is a folder that only its owner can enter, and one that is gone is planned again", async () => {
  const { provisioner, dispose } = await createSubject();
  const request = {
    tenantId: "acme",
    environment: "dev",
    moduleId: "shop",
    needs: { config: [], secrets: [] },
  };
  const { storage, outputs } = await provisioner.apply(request, (await provisioner.plan(request)).digest);
  expect((await stat(storage)).mode & 0o777).toBe(0o700);
  expect(outputs).toMatchObject({
    configuration: "LOG_LEVEL",
    secrets: "API_KEY",
    networkPolicy: "loopback",
  });
  await rm(storage, { recursive: true });
  expect((await provisioner.plan(request)).changes).toEqual([
    { action: "create", kind: "storage", name: storage },
  ]);
  await dispose();
});

/** Names are all that a provisioner looks at. */
const fixedSettings: Settings = {
  setConfig: async () => {},
  unsetConfig: async () => false,
  listConfig: async () => ({ LOG_LEVEL: "info" }),
  setSecret: async (_scope, name) => ({ name, versionId: "1" }),
  unsetSecret: async () => false,
  listSecrets: async () => [{ name: "API_KEY", versionId: "1" }],
  erase: async () => {},
  revealSecrets: async () => ({}),
  forgetCopies: async () => {},
};

/** No request here asks for one. */
const noDns: Dns = {
  look: async () => undefined,
  put: async () => {},
  remove: async () => {},
};

function createTurn(): LocalProvisionerOptions["inTurn"] {
  const turns = createTurns();
  return (place, task) => turns(`${place.tenantId}/${place.environment}`, task);
}
