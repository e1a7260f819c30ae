import { planIsStale } from "../plan-is-stale.ts";
import type { Keeper, Site } from "./keeper.ts";

/** A row of the allocation table. */
export const keepNamespace: Keeper = {
  async look(_resource, site) {
    return (await isAllocated(site)) ? {} : undefined;
  },
  async make(_resource, site) {
    const { pool, place, namespace } = site;
    await pool.query(
      `insert into connectsoft.namespaces (namespace, tenant_id, environment) values ($1, $2, $3)
       on conflict do nothing`,
      [namespace, place.tenantId, place.environment],
    );
    // Another pair took the name since it was planned.
    if (!(await isAllocated(site))) throw planIsStale(place, `${namespace} is another's`);
    return {};
  },
  async remove(_resource, { pool, namespace }) {
    await pool.query("delete from connectsoft.namespaces where namespace = $1", [namespace]);
  },
};

async function isAllocated({ pool, place, namespace }: Site): Promise<boolean> {
  const { rows } = await pool.query(
    `select 1 from connectsoft.namespaces n where n.namespace = $1 and n.tenant_id = $2 and n.environment = $3`,
    [namespace, place.tenantId, place.environment],
  );
  return rows.length > 0;
}
