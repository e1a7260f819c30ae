/** Quotas of a namespace: set where a target limits namespaces, measured where it is disk, and else told as not enforced. */
import type { Quotas } from "../../../../domain/environment/environment-settings.ts";
import type { Resource } from "../../../../domain/environment/resource.ts";
import { bytesOf } from "../../../../domain/environment/size.ts";
import type { Limits } from "../../../../domain/module/module-spec.ts";
import type { NamespaceLimits } from "../../../../ports/namespace-limits.ts";
import type { Keeper, Site } from "./keeper.ts";

const limitNames = { processes: "processes", memory: "memoryBytes", cpus: "cpus" } as const;

/** Nothing tells a quota from outside: what was set, and whether it holds, is in the record. */
export function createQuotaKeeper(limits: NamespaceLimits | undefined): Keeper {
  async function limit(site: Site) {
    if (site.target !== "process") return [];
    return (await limits?.limitNamespace(site.namespace, limitsOf(site.quotas))) ?? [];
  }
  return {
    async look(resource, site) {
      const { rows } = await site.pool.query<{ found: Resource["spec"] | null }>(
        `select r.found from connectsoft.environment_resources r
         where r.namespace = $1 and r.kind = 'quota' and r.name = $2`,
        [site.namespace, resource.name],
      );
      return rows[0]?.found ?? undefined;
    },
    async make({ name, spec }, site) {
      if (name === "disk")
        return {
          ...spec,
          enforced: false,
          words: "measured when it is planned: nothing more is deployed above it",
        };
      const held = (await limit(site)).find(
        (one) => one.limit === limitNames[name as keyof typeof limitNames],
      );
      return {
        ...spec,
        enforced: held?.enforced ?? false,
        // Without the name and the value, which stand beside it.
        words:
          held?.words.replace(/^[^:]+: /, "") ??
          `not enforced: the ${site.target} target limits single instances, not namespaces`,
      };
    },
    async remove({ name }, site) {
      if (name !== "disk") await limit(site);
    },
  };
}

function limitsOf({ processes, memory, cpus }: Quotas): Limits {
  return {
    ...(processes !== undefined && { processes }),
    ...(memory !== undefined && { memoryBytes: bytesOf(memory) }),
    ...(cpus !== undefined && { cpus }),
  };
}
