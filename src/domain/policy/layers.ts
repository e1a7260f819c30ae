/** Everything in a tenant's declaration that concerns one place, from the least to the most specific. */
import type { NarrowLayer } from "../tenant/policy-layers.ts";
import type { EnvironmentPolicy, Tenant } from "../tenant/tenant.ts";
import type { Values } from "./merge.ts";

/** What a policy is asked for. */
export interface PolicyPlace {
  environment: string;
  moduleId?: string | undefined;
  editionId?: string | undefined;
  traceId?: string | undefined;
}

export interface PlacedLayer {
  /** Where it is written: `releasePolicy.modules.billing`. */
  source: string;
  values: Values;
  locked: readonly string[];
}

export function layersFor({ releasePolicy }: Tenant, place: PolicyPlace): PlacedLayer[] {
  const { tenant, environments, modules = {}, editions = {} } = releasePolicy;
  const { environment, moduleId, editionId } = place;
  return [
    ...layerOf("releasePolicy.tenant", tenant),
    ...layerOf(`releasePolicy.environments.${environment}`, environments[environment]),
    ...narrowed("releasePolicy.modules", { id: moduleId, of: modules, environment }),
    ...narrowed("releasePolicy.editions", { id: editionId, of: editions, environment }),
  ];
}

function narrowed(
  source: string,
  found: {
    id: string | undefined;
    of: Record<string, NarrowLayer<EnvironmentPolicy>>;
    environment: string;
  },
): PlacedLayer[] {
  const { id, of, environment } = found;
  const layer = id === undefined ? undefined : of[id];
  if (layer === undefined) return [];
  const { environments, ...everywhere } = layer;
  const here = environments?.[environment];
  return [
    ...layerOf(`${source}.${id}`, everywhere),
    ...layerOf(`${source}.${id}.environments.${environment}`, here),
  ];
}

function layerOf(source: string, layer: object | undefined): PlacedLayer[] {
  if (layer === undefined) return [];
  const { locked, ...values } = layer as Values;
  const keys = locked === true ? Object.keys(values) : ((locked ?? []) as string[]);
  return [{ source, values, locked: keys.filter((key) => values[key] !== undefined) }];
}
