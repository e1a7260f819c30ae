/** Host names of modules, the host that modules of an environment share, and paths on it. */
import type { Resource } from "../../../../domain/environment/resource.ts";
import type { Keeper, Site } from "./keeper.ts";

/** The environment's own host is the shared one. */
export const keepHost: Keeper = {
  async look(resource, site) {
    if (resource.moduleId !== "") return (await has(resource, site, "hosts")) ? {} : undefined;
    const { rows } = await site.pool.query(
      "select 1 from connectsoft.namespaces n where n.namespace = $1 and n.shared_host = $2",
      [site.namespace, resource.name],
    );
    return rows.length > 0 ? {} : undefined;
  },
  async make(resource, site) {
    if (resource.moduleId === "") await setSharedHost(site, resource.name);
    else await add(resource, site, "hosts");
    return {};
  },
  async remove(resource, site) {
    if (resource.moduleId === "") await setSharedHost(site, null);
    else await take(resource, site, "hosts");
  },
};

export const keepPath: Keeper = {
  look: async (resource, site) => ((await has(resource, site, "paths")) ? {} : undefined),
  async make(resource, site) {
    await add(resource, site, "paths");
    return {};
  },
  remove: (resource, site) => take(resource, site, "paths"),
};

type Column = "hosts" | "paths";

async function has({ moduleId, name }: Resource, site: Site, column: Column): Promise<boolean> {
  const { rows } = await site.pool.query(
    `select 1 from connectsoft.namespace_modules m
     where m.namespace = $1 and m.module_id = $2 and $3 = any(m.${column})`,
    [site.namespace, moduleId, name],
  );
  return rows.length > 0;
}

async function add({ moduleId, name }: Resource, site: Site, column: Column): Promise<void> {
  await site.pool.query(
    `update connectsoft.namespace_modules as m set ${column} = array_append(m.${column}, $3)
     where m.namespace = $1 and m.module_id = $2 and not $3 = any(m.${column})`,
    [site.namespace, moduleId, name],
  );
}

async function take({ moduleId, name }: Resource, site: Site, column: Column): Promise<void> {
  await site.pool.query(
    `update connectsoft.namespace_modules as m set ${column} = array_remove(m.${column}, $3)
     where m.namespace = $1 and m.module_id = $2`,
    [site.namespace, moduleId, name],
  );
}

async function setSharedHost({ pool, namespace }: Site, host: string | null): Promise<void> {
  await pool.query("update connectsoft.namespaces set shared_host = $2 where namespace = $1", [
    namespace,
    host,
  ]);
}
