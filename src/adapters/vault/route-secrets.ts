/** Settings whose secrets are where each environment's vault is; adapters are loaded by who has an environment that needs one. */
import type { VaultSettings } from "../../domain/tenant/vault-settings.ts";
import type { SecretCopies } from "../../ports/secret-copies.ts";
import type { Settings } from "../../ports/settings.ts";
import type { Tenants } from "../../ports/tenants.ts";
import type { SettingScope, Vault } from "../../ports/vault.ts";
import { keepCopies } from "./keep-copies.ts";
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
  copies: SecretCopies;
  now(): Date;
}

const timeoutMs = 5_000;
/** Of what releases got since, some may be on their way still, and stand in no history yet. */
const copiesStayMs = 7 * 24 * 60 * 60 * 1000;

export function routeSecrets(options: RouteOptions): Settings {
  const { local, tenants, env, folder, ca, copies } = options;
  const opened = new Map<string, { settings: VaultSettings; vault: Promise<Vault> }>();

  async function settingsAt({ tenantId, environment }: SettingScope): Promise<VaultSettings | undefined> {
    const tenant = await tenants.get(tenantId);
    return tenant.environments.find(({ id }) => id === environment)?.vault;
  }

  async function vaultAt(scope: SettingScope): Promise<Vault> {
    const { tenantId, environment } = scope;
    const settings = await settingsAt(scope);
    if (settings === undefined || settings.kind === "local") return local;
    const place = `${tenantId}/${environment}`;
    const known = opened.get(place);
    // A declaration is parsed once: another object is another declaration.
    if (known?.settings === settings) return await known.vault;
    const ground = { credentials: { env, folder, tenantId }, place, timeoutMs, ca };
    const vault = open(settings, ground).then(({ shelf, words, keepsVersions }) => {
      const outside = vaultOf(shelf, words);
      return keepsVersions || !wantsCopies(settings) ? outside : keepCopies(outside, copies);
    });
    opened.set(place, { settings, vault });
    return await vault;
  }

  return {
    ...local,
    listSecrets: async (scope) => await (await vaultAt(scope)).listSecrets(scope),
    setSecret: async (scope, name, value) => await (await vaultAt(scope)).setSecret(scope, name, value),
    unsetSecret: async (scope, name) => await (await vaultAt(scope)).unsetSecret(scope, name),
    async revealSecrets(scope, references, asked) {
      if (references.length === 0) return {};
      return await (await vaultAt(scope)).revealSecrets(scope, references, asked);
    },
    async forgetCopies(scope, needed) {
      const wanted = wantsCopies(await settingsAt(scope));
      const keptAfter = new Date(options.now().getTime() - copiesStayMs).toISOString();
      await copies.forget(scope, wanted ? { needed, keptAfter } : { needed: [] });
    },
    async erase(place) {
      await local.erase(place);
      await copies.erase(place);
    },
  };
}

function wantsCopies(settings: VaultSettings | undefined): boolean {
  return settings?.kind === "kubernetes" && settings.copies === "sealed";
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
