/** A unit that runs, followed by its main process; how it ended is systemd's to say. */
import { rmSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { callProgram } from "../call-program.ts";
import { groupUsage } from "../group-usage.ts";
import { keepWithin } from "../log-files.ts";
import { identify, isAlive } from "../process/process-identity.ts";
import type { Exit, Identity, Instance } from "../runtime.ts";
import { type Manager, type UnitState, unitStates } from "./manager.ts";

const pollMs = 50;

export function identityOfUnit({ unit, pid }: UnitState): Identity {
  return { ...((pid > 0 ? identify(pid) : undefined) ?? { pid, startTime: "" }), unit };
}

export interface FollowedUnit {
  manager: Manager;
  identity: Identity;
  /** Of its log. */
  folder: string;
  onExit(exit: Exit): void;
}

export function followUnit({ manager, identity, folder, onExit }: FollowedUnit): Instance {
  const unit = identity.unit ?? "";
  const stopKeeping = keepWithin(folder);
  let over = false;
  const timer = setInterval(() => {
    if (!isAlive(identity)) void finish();
  }, pollMs);

  function letGo(): void {
    over = true;
    clearInterval(timer);
    stopKeeping();
  }

  let finishing: Promise<void> | undefined;

  /** Once; who ends it waits until it is tidied up. */
  function finish(): Promise<void> {
    if (!over) finishing ??= finishOnce();
    return finishing ?? Promise.resolve();
  }

  async function finishOnce(): Promise<void> {
    clearInterval(timer);
    stopKeeping();
    const exit = await exitOf(manager, unit);
    // First told, then tidied up: a probe that fails meanwhile would be taken for the cause.
    onExit(exit);
    await removeUnit(manager, unit);
  }

  return {
    identity,
    async end(graceMs) {
      const deadlineMs = performance.now() + graceMs;
      await signalUnit(manager, unit, "SIGTERM");
      while (isAlive(identity) && performance.now() < deadlineMs) await sleep(20);
      await signalUnit(manager, unit, "SIGKILL");
      while (isAlive(identity)) await sleep(20);
      await finish();
    },
    letGo,
    usage: () => groupUsage(identity.pid, (group) => group.includes(unit)),
  };
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
  const because = result === "oom-kill" ? { because: "it went beyond its limit of memory" } : {};
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
