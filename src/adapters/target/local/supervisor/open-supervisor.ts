/** A supervisor at work: with what is on disk, its router and its runtimes, and with all that an earlier one left. */
import type { TargetName } from "../../../../domain/tenant/tenant.ts";
import type { Layout } from "../layout.ts";
import { openRouter } from "../router/open-router.ts";
import { holdLimits } from "./acts/limit-namespace.ts";
import { hostClock } from "./clock.ts";
import { resume } from "./resume.ts";
import { Runtimes } from "./runtimes.ts";
import { readState } from "./state-file.ts";
import { Supervisor } from "./supervisor.ts";

export interface OpenOptions {
  routerPort: number | undefined;
  log(event: string): void;
}

export async function openSupervisor(layout: Layout, { routerPort, log }: OpenOptions): Promise<Supervisor> {
  const state = await readState(layout.state);
  const { directory } = layout;
  const router = await openRouter({ directory, port: routerPort, formerPort: state.routerPort, log });
  const runtimes = new Runtimes();
  const used = new Set<TargetName>([
    "process",
    ...[...state.releases, ...state.commands].map(({ runtime }) => runtime),
  ]);
  for (const name of used) await runtimes.load(name);
  const supervisor = new Supervisor({ layout, state, router, runtimes, clock: hostClock });
  await supervisor.persist();
  await holdLimits(supervisor);
  await resume(supervisor, [...used]);
  return supervisor;
}
