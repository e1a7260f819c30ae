/** Sealed copies of secrets that releases were given, where their vault keeps the newest version only. */
import type { SecretReference, SettingScope } from "./vault.ts";

export type ModuleScope = Required<SettingScope>;

/** Every call may be repeated. */
export interface SecretCopies {
  keep(scope: ModuleScope, values: readonly (SecretReference & { value: string })[]): Promise<void>;
  /** Undefined where no copy of this version was kept for the module. */
  read(scope: ModuleScope, reference: SecretReference): Promise<string | undefined>;
  /** Removes a module's copies but those of these versions, and but what was kept after a time (ISO 8601). */
  forget(scope: ModuleScope, but: { needed: readonly SecretReference[]; keptAfter?: string }): Promise<void>;
  /** Removes every copy of an environment. */
  erase(place: Pick<SettingScope, "tenantId" | "environment">): Promise<void>;
}
