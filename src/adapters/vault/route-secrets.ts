/** Settings whose secrets are where each environment's vault is; adapters are loaded by who has an environment that needs one. */
import type { VaultSettings } from "../../domain/tenant/vault-settings.ts";
import type { Settings } from "../../ports/settings.ts";
import type { Tenants } from "../../ports/tenants.ts";
import type { SettingScope, Vault } from "../../ports/vault.ts";
import type { OpenedVault, VaultGround } from "./opened.ts";
import { vaultOf } from "./shelf.ts";

export interface RouteOptions {
  /** Configuration of every environment, and the secrets of those that name no vault. */
  local: Settings;
  tenants: Pick<Tenants, "get">;
  env: NodeJS.ProcessEnv;
  /** Files that let the server in, in a folder for each tenant. */
  folder: string;
  ca: string[] | undefined;
}

const timeoutMs = 5_000;

export function routeSecrets({ local, tenants, env, folder, ca }: RouteOptions): Settings {
  const opened = new Map<string, { settings: VaultSettings; vault: Promise<Vault> }>();

  async function vaultAt({ tenantId, environment }: SettingScope): Promise<Vault> {
    const tenant = await tenants.get(tenantId);
    const settings = tenant.environments.find(({ id }) => id === environment)?.vault;
    if (settings === undefined || settings.kind === "local") return local;
    const place = `${tenantId}/${environment}`;
    const known = opened.get(place);
    // A declaration is parsed once: another object is another declaration.
    if (known?.settings === settings) return await known.vault;
    const ground = { credentials: { env, folder, tenantId }, place, timeoutMs, ca };
    const vault = open(settings, ground).then(({ shelf, words }) => vaultOf(shelf, words));
    opened.set(place, { settings, vault });
    return await vault;
  }

  return {
    ...local,
    listSecrets: async (scope) => await (await vaultAt(scope)).listSecrets(scope),
    setSecret: async (scope, name, value) => await (await vaultAt(scope)).setSecret(scope, name, value),
    unsetSecret: async (scope, name) => await (await vaultAt(scope)).unsetSecret(scope, name),
    async revealSecrets(scope, references) {
      return references.length === 0 ? {} : await (await vaultAt(scope)).revealSecrets(scope, references);
    },
  };
}

async function open(
  settings: Exclude<VaultSettings, { kind: "local" }>,
  ground: VaultGround,
): Promise<OpenedVault> {
  switch (settings.kind) {
    case "vault":
    case "openbao":
      return (await import("./key-value/open-key-value.ts")).openKeyValue(settings, ground);
    case "kubernetes":
      return (await import("./kubernetes/open-kubernetes.ts")).openKubernetes(settings, ground);
    case "azure-key-vault":
      return (await import("./azure/open-azure.ts")).openAzure(settings, ground);
  }
}
