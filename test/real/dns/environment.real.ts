/** An environment whose names are kept on a real BIND: planned, applied, killed, drifted, mended and destroyed. */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startEmbeddedPostgres } from "../../../src/adapters/database/embedded/start-embedded-postgres.ts";
import { migrate } from "../../../src/adapters/database/migrate.ts";
import { openPool } from "../../../src/adapters/database/open-database.ts";
import { createKeyFileSeal } from "../../../src/adapters/seal/key-file/create-key-file-seal.ts";
import { createSettings } from "../../../src/adapters/settings/local/create-settings.ts";
import { noWants } from "../../../src/domain/environment/wants-of.ts";
import { tenantSchema } from "../../../src/domain/tenant/tenant.ts";
import type { NamespaceRequest } from "../../../src/ports/provisioner.ts";
import { destruction } from "../../agents/environment-rig.ts";
import { createEnvironments } from "../../support/environments.ts";
import { hasNamed, type Named, startNamed, zone } from "./named.ts";

const place = { tenantId: "acme", environment: "staging" };
const host = `shop.apps.${zone}`;

describe.skipIf(!hasNamed)("an environment with a DNS server", () => {
  let named: Named;
  let world: Awaited<ReturnType<typeof createWorld>>;
  let request: NamespaceRequest;
  beforeAll(async () => {
    named = await startNamed();
    world = await createWorld();
    const { server, port, keyName } = named.access;
    const { environments } = tenantSchema.parse({
      id: "acme",
      people: [{ id: "jane", roles: ["StudioAdmin"] }],
      environments: [
        { id: "staging", domain: `apps.${zone}`, dns: { server, port, zone, keyName, keySecret: "DNS_KEY" } },
      ],
    });
    const [declared] = environments;
    const dns = declared?.dns === undefined ? {} : { dns: declared.dns };
    const wants = { ...noWants, domain: `apps.${zone}`, ...dns };
    request = { ...place, moduleId: "shop", path: "/shop", needs: { config: [], secrets: [] }, wants };
  });
  beforeEach(() => setKey());
  afterAll(async () => {
    await world.dispose();
    await named.dispose();
  });

  async function setKey(key = named.access.key): Promise<void> {
    await world.settings.setSecret({ ...place, moduleId: "cloud-provisioner" }, "DNS_KEY", key);
  }

  async function provision(asked = request) {
    return await world.provisioner.apply(asked, (await world.provisioner.plan(asked)).digest);
  }

  test("without its key nothing is planned, and the command that sets it is told", async () => {
    await world.settings.unsetSecret({ ...place, moduleId: "cloud-provisioner" }, "DNS_KEY");
    await expect(world.provisioner.plan(request)).rejects.toMatchObject({
      refusal: {
        code: "SecretsMissing",
        next: "Set it: connectsoft secret set DNS_KEY --env staging --module cloud-provisioner",
      },
    });
  });

  test("no module sees the key", async () => {
    expect(await world.settings.listSecrets({ ...place, moduleId: "shop" })).toEqual([]);
  });

  test("with a wrong key the plan is begun and finished by the same digest once the key is right", async () => {
    const { digest, changes } = await world.provisioner.plan(request);
    expect(changes.map(({ action, kind, name }) => `${action} ${kind} ${name}`)).toContain(
      `create dns ${host} at 127.0.0.1:${named.access.port}`,
    );
    await setKey("d3Jvbmc=");
    await expect(world.provisioner.apply(request, digest)).rejects.toThrow(/does not take the key/);
    await setKey();
    const made = await world.provisioner.apply(request, digest);
    expect(made.records.map(({ name }) => name).sort()).toEqual([`apps.${zone}`, host]);
    expect(await named.dig(host, "A")).toEqual(["127.0.0.1"]);
    expect(await named.dig(`apps.${zone}`, "A")).toEqual(["127.0.0.1"]);
    expect((await world.provisioner.plan(request)).changes).toEqual([]);
  });

  test("a record that was changed by hand is drift, and is put back; so is one that is gone", async () => {
    await provision();
    await named.byHand(`update delete ${host}. A`, `update add ${host}. 300 A 192.0.2.9`);
    expect((await world.provisioner.drift(place)).map(({ words }) => words)).toEqual([
      expect.stringContaining("addresses 192.0.2.9, expected 127.0.0.1"),
    ]);
    await provision();
    expect(await named.dig(host, "A")).toEqual(["127.0.0.1"]);
    await named.byHand(`update delete ${host}.`, `update delete _connectsoft.${host}.`);
    expect((await world.provisioner.drift(place)).map(({ words }) => words)).toEqual([
      expect.stringContaining("is gone"),
    ]);
    await provision();
    expect(await world.provisioner.drift(place)).toEqual([]);
  });

  test("another installation on the same zone is refused the name, and takes nothing away", async () => {
    await provision();
    const other = await createWorld();
    const scope = { ...place, moduleId: "cloud-provisioner" };
    await other.settings.setSecret(scope, "DNS_KEY", named.access.key);
    const { digest } = await other.provisioner.plan(request);
    await expect(other.provisioner.apply(request, digest)).rejects.toThrow(/Conflict: .*is another's/);
    await other.provisioner.destroy(place, destruction);
    expect(await named.dig(host, "A")).toEqual(["127.0.0.1"]);
    await other.dispose();
  });

  test("another address is an update, and destroying takes every record away", async () => {
    await provision();
    const dns = request.wants?.dns;
    if (dns === undefined) throw new Error("no DNS");
    const moved = {
      ...request,
      wants: { ...noWants, ...request.wants, dns: { ...dns, address: "192.0.2.20" } },
    };
    expect((await world.provisioner.plan(moved)).changes).toContainEqual(
      expect.objectContaining({
        action: "update",
        kind: "dns",
        detail: "addresses 127.0.0.1, expected 192.0.2.20",
      }),
    );
    await provision(moved);
    expect(await named.dig(host, "A")).toEqual(["192.0.2.20"]);
    await named.stop();
    await expect(world.provisioner.destroy(place, destruction)).rejects.toThrow(
      /Unavailable: .*does not answer/,
    );
    await named.start();
    await world.provisioner.destroy(place, { ...destruction, withSettings: true });
    for (const name of [host, `apps.${zone}`]) {
      expect(await named.dig(name, "A")).toEqual([]);
      expect(await named.dig(`_connectsoft.${name}`, "TXT")).toEqual([]);
    }
  });
});

async function createWorld() {
  const directory = await mkdtemp(path.join(tmpdir(), "environment-"));
  await chmod(directory, 0o711);
  const database = await startEmbeddedPostgres({ dataDirectory: directory, log: () => {} });
  const pool = openPool(database.url, { max: 10, applicationName: "environment" });
  await migrate(pool);
  const settings = createSettings({ pool, seal: createKeyFileSeal(path.join(directory, "secrets.key")) });
  const storageRoot = path.join(directory, "storage");
  return {
    settings,
    ...createEnvironments({ pool, settings, storageRoot }),
    async dispose(): Promise<void> {
      await pool.end();
      await database.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
