/** A unit that runs, followed by its main process; how it ended is systemd's to say. */
import { rmSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { LogLimits } from "../../../../../domain/environment/log-limits.ts";
import { callProgram } from "../call-program.ts";
import { beyondMemory, followInstance } from "../follow-instance.ts";
import { keepWithin } from "../log-files.ts";
import { identify } from "../process/process-identity.ts";
import type { Exit, Identity, Instance } from "../runtime.ts";
import { type Manager, type UnitState, unitStates } from "./manager.ts";

export function identityOfUnit({ unit, pid }: UnitState): Identity {
  return { ...((pid > 0 ? identify(pid) : undefined) ?? { pid, startTime: "" }), unit };
}

export interface FollowedUnit {
  manager: Manager;
  identity: Identity;
  /** Of its log. */
  folder: string;
  logs: LogLimits | undefined;
  onExit(exit: Exit): void;
}

export function followUnit({ manager, identity, folder, logs, onExit }: FollowedUnit): Instance {
  const unit = identity.unit ?? "";
  return followInstance({
    identity,
    name: unit,
    signal: (signal) => signalUnit(manager, unit, signal),
    unfollow: keepWithin(folder, logs),
    exit: () => exitOf(manager, unit),
    onExit,
    remove: () => removeUnit(manager, unit),
  });
}

/** Ends all that is left of it, and lets systemd forget it. */
export async function removeUnit(manager: Manager, unit: string): Promise<void> {
  await signalUnit(manager, unit, "SIGKILL");
  await systemctl(manager, "stop", unit);
  rmSync(join(manager.unitFolder, unit), { force: true });
  await systemctl(manager, "reset-failed", unit);
}

/** To every process of it. */
export function signalUnit(manager: Manager, unit: string, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  return systemctl(manager, "kill", `--signal=${signal}`, unit);
}

/** systemd reaps the main process a moment after it is gone. */
async function exitOf(manager: Manager, unit: string): Promise<Exit> {
  for (let attempt = 1; attempt <= 50; attempt += 1) {
    const [state] = await unitStates(manager, [unit]).catch(() => []);
    if (state !== undefined && state.pid === 0) return exitFrom(state);
    await sleep(20);
  }
  return { code: null, signal: null, because: "systemd does not say how it ended" };
}

export function exitFrom({ how, status, result }: Pick<UnitState, "how" | "status" | "result">): Exit {
  const because = result === "oom-kill" ? { because: beyondMemory } : {};
  if (how === undefined) return { code: null, signal: null, ...because };
  if (how === "exited") return { code: status, signal: null, ...because };
  const signal =
    Object.entries(constants.signals).find(([, number]) => number === status)?.[0] ?? String(status);
  return { code: null, signal, ...because };
}

/** Nothing there is nothing to do. */
async function systemctl(manager: Manager, ...args: string[]): Promise<void> {
  await callProgram("systemctl", [...manager.options, ...args]).catch(() => {});
}
