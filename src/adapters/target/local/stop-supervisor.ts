/** Looking at, and ending, the supervisor of a directory from outside of a target. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Layout, layoutOf } from "./layout.ts";
import { findInstances } from "./runtimes/process/find-instances.ts";
import { identify, isAlive } from "./runtimes/process/process-identity.ts";
import type { SupervisorStatus } from "./supervisor/protocol.ts";
import { readState } from "./supervisor/state-file.ts";
import { callSupervisor, ensureSupervisor, supervisorStatusOf } from "./supervisor-client.ts";

/**
 * Ends the supervisor and every service of it, also services whose supervisor is gone; returns once they are
 * gone, with their names. Releases that had traffic are started again by the next supervisor. Nothing runs:
 * nothing to do.
 */
export async function stopSupervisor(directory: string): Promise<{ stopped: string[] }> {
  const layout = layoutOf(directory);
  const running = await supervisorStatusOf(layout);
  if (running === undefined && !(await hasLeftovers(layout))) return { stopped: [] };
  // Leftovers are adopted first, because whoever adopts them knows how to end them.
  const { pid } = running ?? (await ensureSupervisor(layout, undefined));
  const identity = identify(pid);
  const result = (await callSupervisor(layout, "/stop", {})) as { stopped: string[] };
  while (identity !== undefined && isAlive(identity)) await sleep(20);
  return result;
}

/** Undefined where no supervisor runs. Never starts one. */
export async function supervisorStatus(directory: string): Promise<SupervisorStatus | undefined> {
  return await supervisorStatusOf(layoutOf(directory));
}

async function hasLeftovers(layout: Layout): Promise<boolean> {
  const { releases, commands } = await readState(layout.state);
  const recorded = [...releases.flatMap(({ instances }) => instances), ...commands];
  if (recorded.some(({ identity }) => identity !== undefined && isAlive(identity))) return true;
  return findInstances(`${layout.directory}|`).size > 0;
}
