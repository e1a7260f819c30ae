/**
 * Instances as services of systemd, each with a unit of its own that is made at its start and removed at its end.
 * systemd limits it, shows it the file system and ends all of it; the supervisor decides when.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inOneLine, ProgramFailure } from "../call-program.ts";
import type { Identity, InstanceRuntime } from "../runtime.ts";
import { findManager, type Manager, unitStates } from "./manager.ts";
import { startUnit } from "./start-unit.ts";
import { execInUnit } from "./systemd-exec.ts";
import { enforcementOfUnit } from "./unit-enforcement.ts";
import { markerIn } from "./unit-file.ts";
import { followUnit, identityOfUnit, removeUnit } from "./unit-instance.ts";

export function createSystemdRuntime(): InstanceRuntime {
  /** Main processes by marker, to read back what holds of them. */
  const running = new Map<string, { pid: number; manager: Manager }>();

  return {
    name: "systemd",
    async unavailable() {
      const manager = await findManager();
      return "unusable" in manager ? manager.unusable : undefined;
    },
    async launch(launch, onExit) {
      try {
        const manager = await usable();
        const identity = await startUnit(manager, launch);
        running.set(launch.marker, { pid: identity.pid, manager });
        return followUnit({ manager, identity, folder: launch.folder, logs: launch.logs, onExit });
      } catch (error) {
        onExit({ code: null, signal: null }, inOneLine(error));
        return undefined;
      }
    },
    async adopt(identity, launch, onExit) {
      const manager = await usable();
      const [state] = await unitStates(manager, identity.unit === undefined ? [] : [identity.unit]);
      // One that has ended meanwhile is there until somebody has asked how.
      if (state?.active !== true) return undefined;
      running.set(launch.marker, { pid: identity.pid, manager });
      return followUnit({ manager, identity, folder: launch.folder, logs: launch.logs, onExit });
    },
    async find(markerPrefix) {
      const manager = await findManager();
      return "unusable" in manager ? new Map() : findUnits(manager, markerPrefix);
    },
    async kill(identity) {
      if (identity.unit !== undefined) await removeUnit(await usable(), identity.unit);
    },
    exec: async (launch, options) => execInUnit(await usable(), launch, options),
    enforcement: (launch) => enforcementOfUnit(launch, running.get(launch.marker)),
  };
}

async function usable(): Promise<Manager> {
  const manager = await findManager();
  if ("unusable" in manager) throw new ProgramFailure(manager.unusable);
  return manager;
}

/** By the units that lie there: each says what it was made for. */
async function findUnits(manager: Manager, markerPrefix: string): Promise<Map<string, Identity>> {
  const markers = new Map<string, string>();
  for (const unit of readdirSync(manager.unitFolder)) {
    if (!/^connectsoft-[0-9a-f]+-[0-9a-f]+\.service$/.test(unit)) continue;
    const marker = markerIn(readFileSync(join(manager.unitFolder, unit), "utf8"));
    if (marker?.startsWith(markerPrefix)) markers.set(unit, marker);
  }
  const states = await unitStates(manager, [...markers.keys()]);
  return new Map(states.map((state) => [markers.get(state.unit) ?? "", identityOfUnit(state)]));
}
