/** A vault that keeps the newest version only, with sealed copies of what releases were given, so that one can go back. */
import { RefusalError } from "../../domain/refusal.ts";
import type { SecretCopies } from "../../ports/secret-copies.ts";
import type { SecretReference, SettingScope, Vault } from "../../ports/vault.ts";

export function keepCopies(vault: Vault, copies: SecretCopies): Vault {
  async function reveal(scope: SettingScope, reference: SecretReference): Promise<string | undefined> {
    try {
      return (await vault.revealSecrets(scope, [reference]))[reference.name];
    } catch (error) {
      if (!(error instanceof RefusalError) || error.refusal.code !== "SecretsMissing") throw error;
      const { moduleId } = scope;
      const copy = moduleId === undefined ? undefined : await copies.read({ ...scope, moduleId }, reference);
      if (copy === undefined) throw error;
      return copy;
    }
  }

  return {
    ...vault,
    async revealSecrets(scope, references, options) {
      const found = await Promise.all(
        references.map(async (one) => ({ ...one, value: (await reveal(scope, one)) ?? "" })),
      );
      const { moduleId } = scope;
      if (options?.toRelease === true && moduleId !== undefined && found.length > 0)
        await copies.keep({ ...scope, moduleId }, found);
      return Object.fromEntries(found.map(({ name, value }) => [name, value]));
    },
  };
}
