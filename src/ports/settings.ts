/** Configuration and secrets of a namespace: `(tenantId, environment, moduleId)`, with the tenant's and environment's defaults under it. */
import type { SecretReference, SettingScope, Vault } from "./vault.ts";

export type { SecretReference, SettingScope };

/** The secrets are where the environment's vault is. */
export interface Settings extends Vault {
  setConfig(scope: SettingScope, name: string, value: string): Promise<void>;
  unsetConfig(scope: SettingScope, name: string): Promise<boolean>;
  /** Resolved: the module's own values over the environment's. */
  listConfig(scope: SettingScope): Promise<Record<string, string>>;
  /**
   * Forgets every value and every version of an environment that this installation keeps, its modules' too: no rollback
   * finds them again. A vault of the tenant's own keeps what it has.
   */
  erase(place: Pick<SettingScope, "tenantId" | "environment">): Promise<void>;
  /** Forgets copies of a module's secrets that were kept for its releases, but those of these versions, and of the last days. */
  forgetCopies(scope: Required<SettingScope>, needed: SecretReference[]): Promise<void>;
}
