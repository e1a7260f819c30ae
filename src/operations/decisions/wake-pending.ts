/** Has every release of the tenant that waits looked at again: people, roles or policy may be others than they were. */

import type { Caller, System } from "../system.ts";
import { wakeDelayed } from "../wake-delayed.ts";

/** Where this is cut off, the next thing that happens to a release finds the same. */
export async function wakePending(system: System, caller: Caller, reason: string): Promise<void> {
  const { environments } = await system.tenants.get(caller.tenantId);
  for (const { id: environment } of environments) await wakeDelayed(system, caller, { environment, reason });
}
