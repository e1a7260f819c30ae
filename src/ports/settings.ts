/** Configuration and secrets of a namespace: `(tenantId, environment, moduleId)`, with the tenant's and environment's defaults under it. */
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

export interface Settings {
  setConfig(scope: SettingScope, name: string, value: string): Promise<void>;
  unsetConfig(scope: SettingScope, name: string): Promise<boolean>;
  /** Resolved: the module's own values over the environment's. */
  listConfig(scope: SettingScope): Promise<Record<string, string>>;
  setSecret(scope: SettingScope, name: string, value: string): Promise<SecretReference>;
  unsetSecret(scope: SettingScope, name: string): Promise<boolean>;
  listSecrets(scope: SettingScope): Promise<SecretReference[]>;
  /** Forgets every value and every version of an environment, its modules' too: no rollback finds them again. */
  erase(place: Pick<SettingScope, "tenantId" | "environment">): Promise<void>;
  /** Plain values, for injection into a process only. By version id, so that a rollback gets the old ones. */
  revealSecrets(scope: SettingScope, references: SecretReference[]): Promise<Record<string, string>>;
}
