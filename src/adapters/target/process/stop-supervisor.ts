/** Looking at, and ending, the supervisor of a directory from outside of a target. */

import { setTimeout as sleep } from "node:timers/promises";
import { layoutOf } from "./layout.ts";
import { identify, isAlive } from "./supervisor/process-identity.ts";
import type { SupervisorStatus } from "./supervisor/protocol.ts";
import { callSupervisor, supervisorStatusOf } from "./supervisor-client.ts";

/**
 * Ends the supervisor and every service of it; returns once they are gone. Releases that had traffic are
 * started again by the next supervisor. No supervisor: nothing to do.
 */
export async function stopSupervisor(directory: string): Promise<{ stopped: string[] }> {
  const layout = layoutOf(directory);
  const status = await supervisorStatusOf(layout);
  if (status === undefined) return { stopped: [] };
  const identity = identify(status.pid);
  const result = (await callSupervisor(layout, "/stop", {})) as { stopped: string[] };
  while (identity !== undefined && isAlive(identity)) await sleep(20);
  return result;
}

/** Undefined where no supervisor runs. Never starts one. */
export async function supervisorStatus(directory: string): Promise<SupervisorStatus | undefined> {
  return await supervisorStatusOf(layoutOf(directory));
}
