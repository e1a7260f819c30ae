import type { VaultSettings } from "../tenant/vault-settings.ts";
import { fillTemplate } from "./fill-template.ts";

/** Where a module's secrets are, in words for people; undefined where it is the store of this installation. */
export function placeOfVault(
  settings: VaultSettings | undefined,
  scope: { tenantId: string; environment: string; moduleId: string },
): string | undefined {
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
