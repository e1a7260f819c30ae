import type { Tenant } from "../tenant/tenant.ts";
import type { VaultSettings } from "../tenant/vault-settings.ts";
import { fillTemplate } from "./fill-template.ts";

interface Scope {
  tenantId: string;
  environment: string;
  moduleId: string;
}

/** Where a module's secrets are, in words for people; undefined where it is the store of this installation. */
export function vaultOf({ environments }: Pick<Tenant, "environments">, scope: Scope): string | undefined {
  return placeOfVault(environments.find(({ id }) => id === scope.environment)?.vault, scope);
}

export function placeOfVault(settings: VaultSettings | undefined, scope: Scope): string | undefined {
  switch (settings?.kind) {
    case undefined:
    case "local":
      return undefined;
    case "vault":
    case "openbao":
      return `${settings.kind} ${settings.address} ${settings.mount}/${fillTemplate(settings.path, scope)}`;
    case "kubernetes":
      return `kubernetes ${fillTemplate(settings.namespace, scope)}/${fillTemplate(settings.name, scope)}`;
    case "azure-key-vault":
      return `azure-key-vault ${fillTemplate(settings.address, scope)}`;
  }
}
