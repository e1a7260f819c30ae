/** One scope's own secrets as a vault keeps them, and the vault that is made of such shelves. */
import { refuse } from "../../domain/refusal.ts";
import { checkScope, checkSetting } from "../../domain/vault/secret-name.ts";
import type { SecretReference, SettingScope, Vault } from "../../ports/vault.ts";

/** Everything in exactly one scope: of a module, or of an environment. */
export interface Shelf {
  list(scope: SettingScope): Promise<SecretReference[]>;
  /** Undefined where this version is not there, or not kept any more. */
  read(scope: SettingScope, reference: SecretReference): Promise<string | undefined>;
  /** Returns the id of the new version. */
  write(scope: SettingScope, name: string, value: string): Promise<string>;
  remove(scope: SettingScope, name: string): Promise<void>;
}

type Layer = "module" | "environment";

/** A version's id names the layer that it lies in: `module/3@2026-11-22T10:00:00Z`. */
export function vaultOf(shelf: Shelf, vault: string): Vault {
  async function own(scope: SettingScope): Promise<SecretReference[]> {
    const layer = scope.moduleId === undefined ? "environment" : "module";
    const found = await shelf.list(scope);
    return found.map(({ name, versionId }) => ({ name, versionId: `${layer}/${versionId}` }));
  }
  async function read(scope: SettingScope, { name, versionId }: SecretReference): Promise<string> {
    const at = versionId.indexOf("/");
    const place = placeOf(scope, versionId.slice(0, Math.max(at, 0)));
    const value = place && (await shelf.read(place, { name, versionId: versionId.slice(at + 1) }));
    if (value === undefined) throw missing(scope, { name, versionId }, vault);
    return value;
  }
  return {
    async listSecrets(scope) {
      checkScope(scope);
      const layers = await Promise.all([
        own(scope),
        scope.moduleId === undefined ? [] : own(withoutModule(scope)),
      ]);
      const first = new Map(
        layers
          .flat()
          .toReversed()
          .map((one) => [one.name, one]),
      );
      return [...first.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
    },
    async setSecret(scope, name, value) {
      checkSetting(scope, name, value);
      const known = (await own(scope)).find((one) => one.name === name);
      if (known !== undefined && (await read(scope, known)) === value) return known;
      const layer = scope.moduleId === undefined ? "environment" : "module";
      return { name, versionId: `${layer}/${await shelf.write(scope, name, value)}` };
    },
    async unsetSecret(scope, name) {
      checkScope(scope);
      if (!(await own(scope)).some((one) => one.name === name)) return false;
      await shelf.remove(scope, name);
      return true;
    },
    async revealSecrets(scope, references) {
      checkScope(scope);
      const values = references.map(async (one) => [one.name, await read(scope, one)] as const);
      return Object.fromEntries(await Promise.all(values));
    },
  };
}

function placeOf(scope: SettingScope, layer: Layer | string): SettingScope | undefined {
  if (layer === "environment") return withoutModule(scope);
  return layer === "module" && scope.moduleId !== undefined ? scope : undefined;
}

function withoutModule({ tenantId, environment }: SettingScope): SettingScope {
  return { tenantId, environment };
}

function missing(scope: SettingScope, { name, versionId }: SecretReference, vault: string): Error {
  const { tenantId, environment, moduleId = "" } = scope;
  return refuse(
    "SecretsMissing",
    `version ${versionId} of secret ${name} is not in ${tenantId}/${environment}/${moduleId} of ${vault}, or not kept there any more`,
    `See what is: connectsoft secret ls --env ${environment}; deploy again to use the newest version.`,
  );
}
