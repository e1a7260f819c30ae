/** Where the secrets of an environment are kept: the store of this installation, or a vault of the tenant's own. */

/** `(tenantId, environment, moduleId)`, with the environment's defaults under it. */
export interface SettingScope {
  tenantId: string;
  environment: string;
  /** Absent: for every module of the environment. */
  moduleId?: string;
}

export interface SecretReference {
  name: string;
  /** Identifies the value without telling anything of it; a new value has a new id. */
  versionId: string;
}

/**
 * Every call refuses with Unavailable (`VaultAway`) where the vault gives no answer, or lets us in no more, and with
 * InvalidNamespaceAccess where what it holds under a name is marked as another scope's. All may be repeated.
 */
export interface Vault {
  /** Names and newest versions; the module's own over the environment's. */
  listSecrets(scope: SettingScope): Promise<SecretReference[]>;
  /** The same value again is the same version. */
  setSecret(scope: SettingScope, name: string, value: string): Promise<SecretReference>;
  unsetSecret(scope: SettingScope, name: string): Promise<boolean>;
  /**
   * Plain values, for injection into a process only, of exactly these versions. Refuses with SecretsMissing where one is
   * not in the scope, or not kept any more. `toRelease`: a release runs with them, and may be gone back to; a vault that
   * keeps the newest version only is then helped by a sealed copy, unless the tenant wants none.
   */
  revealSecrets(
    scope: SettingScope,
    references: SecretReference[],
    options?: { toRelease?: boolean },
  ): Promise<Record<string, string>>;
}
