/** The local provisioner on a real database and real folders, with settings that are sealed. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LocalProvisionerOptions } from "../../src/adapters/provisioner/local/create-local-provisioner.ts";
import { createKeyFileSeal } from "../../src/adapters/seal/key-file/create-key-file-seal.ts";
import { createSettings } from "../../src/adapters/settings/local/create-settings.ts";
import { noWants } from "../../src/domain/environment/wants-of.ts";
import type { Destruction, NamespaceRequest } from "../../src/ports/provisioner.ts";
import { createTestDatabase } from "../support/database.ts";
import { createEnvironments } from "../support/environments.ts";

export type EnvironmentRig = Awaited<ReturnType<typeof createEnvironmentRig>>;

export async function createEnvironmentRig(options: Partial<LocalProvisionerOptions> = {}) {
  const { pool, url, drop } = await createTestDatabase();
  const root = await mkdtemp(join(tmpdir(), "environments-"));
  const keyFile = join(root, "secrets.key");
  const storageRoot = join(root, "storage");
  const settings = createSettings({ pool, seal: createKeyFileSeal(keyFile) });
  const { provisioner, ledger } = createEnvironments({ pool, settings, storageRoot, ...options });
  return {
    pool,
    url,
    root,
    keyFile,
    storageRoot,
    settings,
    provisioner,
    ledger,
    async provision(request: NamespaceRequest) {
      return await provisioner.apply(request, (await provisioner.plan(request)).digest);
    },
    async changes(request: NamespaceRequest) {
      return (await provisioner.plan(request)).changes.map(wordsOf);
    },
    /** Everything that is left of an environment in the database, by table. */
    async leftovers() {
      const tables = [
        "namespaces",
        "namespace_modules",
        "environment_resources",
        "environment_plans",
        "setting_versions",
      ];
      const counts = await Promise.all(
        tables.map(async (table) => {
          const { rows } = await pool.query(`select count(*)::int as count from connectsoft.${table}`);
          return [table, rows[0].count] as const;
        }),
      );
      return Object.fromEntries(counts.filter(([, count]) => count > 0));
    },
    async dispose() {
      await drop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

export function wordsOf({ action, kind, name }: { action: string; kind: string; name: string }): string {
  return `${action} ${kind} ${name}`;
}

export function shop(more: Partial<NamespaceRequest> = {}): NamespaceRequest & { moduleId: string } {
  return {
    tenantId: "acme",
    environment: "staging",
    needs: { config: [], secrets: [] },
    wants: noWants,
    ...more,
    moduleId: more.moduleId ?? "shop",
  };
}

export function environment(more: Partial<NamespaceRequest> = {}): NamespaceRequest {
  const { moduleId, ...request } = shop(more);
  return request;
}

export const destruction: Destruction = {
  by: "ada",
  reason: "no longer needed",
  withSettings: false,
  serving: false,
  serves: async () => undefined,
  dismantle: async () => {},
};
