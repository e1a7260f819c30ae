import type { Pool } from "pg";
import type { Seal } from "../../../ports/seal.ts";
import type { ModuleScope, SecretCopies } from "../../../ports/secret-copies.ts";
import type { SecretReference } from "../../../ports/vault.ts";

export function createSecretCopies({ pool, seal }: { pool: Pool; seal: Seal }): SecretCopies {
  return {
    async keep(scope, values) {
      const again = await touch(pool, scope, values);
      for (const { value, ...reference } of values) {
        if (again.has(reference.versionId + reference.name)) continue;
        await pool.query(
          `insert into connectsoft.secret_copies (tenant_id, environment, module_id, name, version_id, value)
           values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
          [
            ...keyOf(scope),
            reference.name,
            reference.versionId,
            await seal.seal(value, placeOf(scope, reference)),
          ],
        );
      }
    },
    async read(scope, reference) {
      const { rows } = await pool.query<{ value: string }>(
        `select c.value from connectsoft.secret_copies c
         where c.tenant_id = $1 and c.environment = $2 and c.module_id = $3 and c.name = $4 and c.version_id = $5`,
        [...keyOf(scope), reference.name, reference.versionId],
      );
      return rows[0] === undefined ? undefined : await seal.open(rows[0].value, placeOf(scope, reference));
    },
    async forget(scope, { needed, keptAfter }) {
      await pool.query(
        `delete from connectsoft.secret_copies c
         where c.tenant_id = $1 and c.environment = $2 and c.module_id = $3
           and ($4::timestamptz is null or c.kept_at < $4)
           and (c.name, c.version_id) not in (select * from unnest($5::text[], $6::text[]))`,
        [
          ...keyOf(scope),
          keptAfter ?? null,
          needed.map(({ name }) => name),
          needed.map(({ versionId }) => versionId),
        ],
      );
    },
    async erase({ tenantId, environment }) {
      await pool.query(
        `delete from connectsoft.secret_copies c where c.tenant_id = $1 and c.environment = $2`,
        [tenantId, environment],
      );
    },
  };
}

/** Sealing is dear, and a release gets its secrets at each of its steps: what is there already is only needed longer. */
async function touch(
  pool: Pool,
  scope: ModuleScope,
  references: readonly SecretReference[],
): Promise<Set<string>> {
  const { rows } = await pool.query<{ name: string; version_id: string }>(
    `update connectsoft.secret_copies c set kept_at = now()
     where c.tenant_id = $1 and c.environment = $2 and c.module_id = $3
       and (c.name, c.version_id) in (select * from unnest($4::text[], $5::text[]))
     returning c.name, c.version_id`,
    [...keyOf(scope), references.map(({ name }) => name), references.map(({ versionId }) => versionId)],
  );
  return new Set(rows.map(({ name, version_id }) => version_id + name));
}

function keyOf({ tenantId, environment, moduleId }: ModuleScope): [string, string, string] {
  return [tenantId, environment, moduleId];
}

function placeOf(scope: ModuleScope, { name, versionId }: SecretReference): string {
  return `copy/${keyOf(scope).join("/")}/${name}/${versionId}`;
}
