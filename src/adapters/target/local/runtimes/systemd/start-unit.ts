/** Writes a unit and its variables, starts it, and takes the variables away again. */
import { createHash, randomBytes } from "node:crypto";
import { closeSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { callProgram, inOneLine, ProgramFailure } from "../call-program.ts";
import { openOutput, outputFiles } from "../log-files.ts";
import type { Identity, Launch } from "../runtime.ts";
import { type Manager, unitStates } from "./manager.ts";
import { planUnit } from "./plan-unit.ts";
import { environmentText, unitText } from "./unit-file.ts";
import { identityOfUnit, removeUnit } from "./unit-instance.ts";

/** `connectsoft-<of the marker>-<of this start>.service`: a name that systemd never saw needs no reload. */
export function unitName(marker: string): string {
  const short = createHash("sha256").update(marker).digest("hex").slice(0, 16);
  return `connectsoft-${short}-${randomBytes(4).toString("hex")}.service`;
}

export async function startUnit(manager: Manager, launch: Launch): Promise<Identity> {
  const unit = unitName(launch.marker);
  const environmentFile = join(launch.folder, `${unit}.env`);
  const plan = planUnit(manager, launch, environmentFile);
  closeSync(openOutput(launch.folder, plan.uid));
  const { marker, namespace, moduleId } = launch;
  const text = unitText({
    description: `${moduleId} of ${namespace}, run by connectsoft`,
    marker,
    command: plan.command,
    settings: plan.settings,
    output: join(launch.folder, outputFiles(launch.folder).at(-1) ?? ""),
  });
  try {
    writePrivately(environmentFile, environmentText(plan.environment));
    writeFileSync(join(manager.unitFolder, unit), text, { mode: 0o644 });
    await callProgram("systemctl", [...manager.options, "start", unit]);
    const [state] = await unitStates(manager, [unit]);
    if (state === undefined) throw new ProgramFailure("systemd does not know the unit that it started");
    return identityOfUnit(state);
  } catch (error) {
    const [state] = await unitStates(manager, [unit]).catch(() => []);
    await removeUnit(manager, unit);
    throw new ProgramFailure(setUpFailures[state?.status ?? 0] ?? inOneLine(error));
  } finally {
    rmSync(environmentFile, { force: true });
  }
}

export function writePrivately(file: string, text: string): void {
  mkdirSync(join(file, ".."), { recursive: true, mode: 0o700 });
  writeFileSync(file, text, { mode: 0o600 });
}

/** Exit codes of systemd itself, where it fails before the program runs (systemd.exec(5), "Process Exit Codes"). */
const setUpFailures: Record<number, string> = {
  200: "systemd cannot enter its release directory (200/CHDIR)",
  203: "systemd cannot execute its command (203/EXEC); expected a program for this host, or a script with `#!`",
  209: "systemd cannot open its log (209/STDOUT)",
  217: "systemd cannot make up a user for it (217/USER)",
  226: "systemd cannot make its view of the file system (226/NAMESPACE)",
};
