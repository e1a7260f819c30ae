/** What a tenant's declaration wants of one environment. It is part of a plan's request, and so of its digest. */
import { refuse } from "../refusal.ts";
import type { TargetName, Tenant } from "../tenant/tenant.ts";
import type { DnsSettings, Naming, Quotas, SharedResource } from "./environment-settings.ts";

export interface EnvironmentWants {
  target: TargetName;
  quotas: Quotas;
  /** By edition. */
  editions: Record<string, Quotas>;
  domain?: string;
  dns?: DnsSettings;
  shared: SharedResource[];
  naming: Naming;
}

export const noWants: EnvironmentWants = {
  target: "process",
  quotas: {},
  editions: {},
  shared: [],
  naming: {},
};

/** Refuses with InvalidNamespaceAccess an environment that is not the tenant's. */
export function wantsOf(tenant: Tenant, environment: string): EnvironmentWants {
  const declared = tenant.environments.find(({ id }) => id === environment);
  if (declared === undefined)
    throw refuse(
      "InvalidNamespaceAccess",
      `${environment} is no environment of ${tenant.id}, so it has no namespace there.`,
      `It has ${tenant.environments.map(({ id }) => id).join(", ")}; more are declared in tenant.yaml.`,
    );
  const { target, quotas = {}, editions = {}, domain, dns, shared = [] } = declared;
  return {
    target,
    quotas,
    editions: Object.fromEntries(Object.entries(editions).map(([id, edition]) => [id, edition.quotas ?? {}])),
    ...(domain !== undefined && { domain }),
    ...(dns !== undefined && { dns }),
    shared,
    naming: tenant.naming,
  };
}
