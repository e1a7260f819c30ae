/** What limits all processes of a namespace together: a target that can. */
import type { Limits } from "../domain/module/module-spec.ts";
import type { Enforcement } from "./target.ts";

export interface NamespaceLimits {
  /** From now on, and again after a restart; a limit that is absent is lifted. Says of each given one whether it holds, and by what. */
  limitNamespace(namespace: string, limits: Limits): Promise<Enforcement[]>;
}
