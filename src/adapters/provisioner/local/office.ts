/** What the local provisioner works with. */
import type pg from "pg";
import type { EnvironmentPlace } from "../../../ports/provisioner.ts";
import type { Settings } from "../../../ports/settings.ts";
import type { Keepers } from "./keepers/index.ts";

export interface Office {
  pool: pg.Pool;
  settings: Settings;
  /** Absolute. A module's storage is `<storageRoot>/<namespace>/<moduleId>`, readable by its owner only. */
  storageRoot: string;
  keepers: Keepers;
  inTurn<T>(place: EnvironmentPlace, task: () => Promise<T>): Promise<T>;
  /** After each change that was made, before the next one. */
  afterChange(): void;
}
