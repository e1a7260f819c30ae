/** Going back after a rotation where the vault, Kubernetes, keeps the newest version only: the sealed copy is what serves again. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createSecretCopies } from "../../src/adapters/secret-copies/postgres/create-secret-copies.ts";
import { routeSecrets } from "../../src/adapters/vault/route-secrets.ts";
import { tenantSchema } from "../../src/domain/tenant/tenant.ts";
import { createTestDatabase } from "../support/database.ts";
import { sealWith } from "../support/seal.ts";
import { type KubernetesPeer, openKubernetesPeer } from "../support/vaults/kubernetes-peer.ts";
import { createRuntimeRig, names, place, type RuntimeRig } from "./runtime-rig.ts";

let peer: KubernetesPeer;
let folder: string;
let rig: RuntimeRig;
afterEach(async () => {
  await rig.dispose();
  await peer.close();
  await rm(folder, { recursive: true, force: true });
});

/** Version 1.0.0 was live with the old secret, and 1.1.0 is with the one that took its place in the vault. */
async function rotated(more: object = {}) {
  const database = await createTestDatabase();
  peer = await openKubernetesPeer();
  folder = await mkdtemp(join(tmpdir(), "roll-back-copies-"));
  await mkdir(join(folder, "acme"));
  await writeFile(join(folder, "acme", "kubeconfig"), peer.kubeconfig);
  const vault = { kind: "kubernetes", kubeconfig: { file: "kubeconfig" }, ...more };
  const tenant = tenantSchema.parse({
    id: "acme",
    people: [{ id: "jane", roles: ["ReleaseManager"] }],
    environments: [{ id: "production", vault }],
  });
  const copies = createSecretCopies({ pool: database.pool, seal: sealWith(join(folder, "copies.key")) });
  rig = await createRuntimeRig({
    database,
    secretsIn: (local) =>
      routeSecrets({
        ...{ local, copies, env: {}, folder, ca: undefined, now: () => new Date() },
        tenants: { get: async () => tenant },
      }),
  });
  const old = await rig.settings.setSecret(place, "API_KEY", "old-secret");
  await rig.deployed("trace-1", "1.0.0", "one");
  await rig.settings.setSecret(place, "API_KEY", "new-secret");
  const second = await rig.deployed("trace-2", "1.1.0", "two");
  expect(await told()).toBe("new-secret");
  second.tell("RollbackRequested", { by: "jane", reason: "the new key is refused by the bank" });
  return { old, rolled: await second.rollBack(), database };
}

const told = async () => JSON.parse((await rig.ask("/env")).body).API_KEY;

test("the release before serves again with the secret that it was given, out of its sealed copy", async () => {
  const { old, rolled, database } = await rotated();
  expect(names(rolled.outcome)).toEqual(["RollbackCompleted", "DeploymentFailed"]);
  expect((await rig.ask()).body).toBe("one");
  expect(await told()).toBe("old-secret");
  const current = await rig.ledger.current(place);
  expect(current).toMatchObject({ version: "1.0.0", outcome: "Restored" });
  expect(current?.spec.secrets).toEqual([{ name: "API_KEY", versionId: old.versionId }]);
  const { rows } = await database.pool.query("select * from connectsoft.secret_copies");
  const said = JSON.stringify([rolled.outcome, rolled.context.written, rolled.context.lines, rows, current]);
  expect(said).not.toMatch(/(old|new)-secret/);
});

test("where the tenant wants no copies it is not gone back to, and what serves goes on with its own", async () => {
  const { rolled } = await rotated({ copies: "none" });
  expect(names(rolled.outcome)).not.toContain("RollbackCompleted");
  expect(JSON.stringify(rolled.outcome)).toContain("SecretsMissing");
  expect((await rig.ask()).body).toBe("two");
  expect(await told()).toBe("new-secret");
  expect(await rig.ledger.current(place)).toMatchObject({ version: "1.1.0" });
});
