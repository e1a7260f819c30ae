/** Settings in PostgreSQL: append-only versions, secrets sealed before they leave this process. */
import { randomUUID } from "node:crypto";
import type pg from "pg";
import { refuse } from "../../../domain/refusal.ts";
import { checkScope, checkSetting } from "../../../domain/vault/secret-name.ts";
import type { Seal } from "../../../ports/seal.ts";
import type { SecretReference, SettingScope, Settings } from "../../../ports/settings.ts";

type Kind = "config" | "secret";

/** Setting a name to the value that it has changes nothing: no new version, no approval voided. */
export function createSettings(options: { pool: pg.Pool; seal: Seal }): Settings {
  const { pool, seal } = options;
  return {
    async setConfig(scope, name, value) {
      checkSetting(scope, name, value);
      const own = await newest(pool, scope, "config", name);
      if (own?.value === value) return;
      await append(pool, { scope, kind: "config", name, versionId: randomUUID(), value });
    },
    async unsetConfig(scope, name) {
      return await unset(pool, scope, "config", name);
    },
    async listConfig(scope) {
      checkScope(scope);
      const rows = await resolved(pool, scope, "config");
      return Object.fromEntries(rows.map((row) => [row.name, row.value]));
    },
    async setSecret(scope, name, value) {
      checkSetting(scope, name, value);
      const own = await newest(pool, scope, "secret", name);
      const place = placeOf(scope, name);
      if (own?.value != null && (await opens(seal, own.value, place)) === value) {
        return { name, versionId: own.version_id };
      }
      const versionId = randomUUID();
      await append(pool, { scope, kind: "secret", name, versionId, value: await seal.seal(value, place) });
      return { name, versionId };
    },
    async unsetSecret(scope, name) {
      return await unset(pool, scope, "secret", name);
    },
    async listSecrets(scope) {
      checkScope(scope);
      const rows = await resolved(pool, scope, "secret");
      return rows.map((row) => ({ name: row.name, versionId: row.version_id }));
    },
    async erase({ tenantId, environment }) {
      await pool.query("delete from connectsoft.setting_versions where tenant_id = $1 and environment = $2", [
        tenantId,
        environment,
      ]);
    },
    // Every version is kept here.
    forgetCopies: async () => undefined,
    async revealSecrets(scope, references) {
      checkScope(scope);
      const rows = await versions(pool, scope, references);
      const revealed = references.map(async ({ name, versionId }) => {
        const row = rows.find((row) => row.version_id === versionId && row.name === name);
        if (row === undefined) throw missing(scope, name, versionId);
        const owner = row.module_id === "" ? withoutModule(scope) : scope;
        return [name, await seal.open(row.value, placeOf(owner, name))] as const;
      });
      return Object.fromEntries(await Promise.all(revealed));
    },
  };
}

interface Version {
  version_id: string;
  module_id: string;
  name: string;
}

async function append(
  pool: pg.Pool,
  setting: { scope: SettingScope; kind: Kind; name: string; versionId: string; value: string | null },
): Promise<void> {
  const { scope, kind, name, versionId, value } = setting;
  await pool.query(
    `insert into connectsoft.setting_versions (version_id, tenant_id, environment, module_id, kind, name, value)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [versionId, scope.tenantId, scope.environment, scope.moduleId ?? "", kind, name, value],
  );
}

/** The newest version of a name in exactly this scope, with a null value where it was unset. */
async function newest(pool: pg.Pool, scope: SettingScope, kind: Kind, name: string) {
  const { rows } = await pool.query<Version & { value: string | null }>(
    `select s.version_id, s.module_id, s.name, s.value from connectsoft.setting_versions s
     where s.tenant_id = $1 and s.environment = $2 and s.module_id = $3 and s.kind = $4 and s.name = $5
     order by s.sequence desc limit 1`,
    [scope.tenantId, scope.environment, scope.moduleId ?? "", kind, name],
  );
  return rows[0];
}

/** What counts in a scope: the module's own value, else the environment's; unset ones are left out. */
async function resolved(pool: pg.Pool, scope: SettingScope, kind: Kind) {
  const { rows } = await pool.query<Version & { value: string }>({
    name: "settings-in-scope",
    text: `select distinct on (n.name) n.version_id, n.module_id, n.name, n.value
     from (
       select distinct on (s.module_id, s.name) s.version_id, s.module_id, s.name, s.value
       from connectsoft.setting_versions s
       where s.tenant_id = $1 and s.environment = $2 and s.module_id in ('', $3) and s.kind = $4
       order by s.module_id, s.name, s.sequence desc
     ) n
     where n.value is not null
     order by n.name, n.module_id desc`,
    values: [scope.tenantId, scope.environment, scope.moduleId ?? "", kind],
  });
  return rows;
}

/** The named versions, old ones included, as far as they belong to this scope. */
async function versions(pool: pg.Pool, scope: SettingScope, references: SecretReference[]) {
  const { rows } = await pool.query<Version & { value: string }>(
    `select s.version_id, s.module_id, s.name, s.value from connectsoft.setting_versions s
     where s.tenant_id = $1 and s.environment = $2 and s.module_id in ('', $3) and s.kind = 'secret'
       and s.value is not null and s.version_id = any($4)`,
    [scope.tenantId, scope.environment, scope.moduleId ?? "", references.map(({ versionId }) => versionId)],
  );
  return rows;
}

async function unset(pool: pg.Pool, scope: SettingScope, kind: Kind, name: string): Promise<boolean> {
  checkScope(scope);
  const own = await newest(pool, scope, kind, name);
  if (own?.value == null) return false;
  await append(pool, { scope, kind, name, versionId: randomUUID(), value: null });
  return true;
}

/** A value that cannot be opened any more is replaced like any other. */
async function opens(seal: Seal, sealed: string, place: string): Promise<string | undefined> {
  return await seal.open(sealed, place).catch(() => undefined);
}

function placeOf(scope: SettingScope, name: string): string {
  return `${scope.tenantId}/${scope.environment}/${scope.moduleId ?? ""}/${name}`;
}

function withoutModule(scope: SettingScope): SettingScope {
  return { tenantId: scope.tenantId, environment: scope.environment };
}

function missing(scope: SettingScope, name: string, versionId: string): Error {
  return refuse(
    "SecretsMissing",
    `version ${versionId} of secret ${name} is not in ${scope.tenantId}/${scope.environment}/${scope.moduleId ?? ""}`,
    `Set it: connectsoft secret set ${name} --tenant ${scope.tenantId} --env ${scope.environment}`,
  );
}
