/** The systemd manager that runs instances here: the system's for root, else the user's own. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { callProgram, inOneLine } from "../call-program.ts";

export interface Manager {
  isSystem: boolean;
  /** Options of systemctl and systemd-run. */
  options: string[];
  /** Where units lie that a restart of the host forgets. */
  unitFolder: string;
}

export async function findManager(): Promise<Manager | { unusable: string }> {
  // The test of sd_booted(3): a systemctl alone says nothing.
  if (!existsSync("/run/systemd/system")) return { unusable: "systemd does not run on this host" };
  const isSystem = process.getuid?.() === 0;
  const options = isSystem ? [] : ["--user"];
  try {
    await callProgram("systemctl", [...options, "show", "--property=Version"]);
  } catch (error) {
    const which = isSystem ? "systemd's system manager" : "systemd's manager of this user";
    return { unusable: `${which} does not answer: ${inOneLine(error)}` };
  }
  const unitFolder = isSystem
    ? "/run/systemd/system"
    : join(process.env.XDG_RUNTIME_DIR ?? "", "systemd/user");
  mkdirSync(unitFolder, { recursive: true });
  return { isSystem, options, unitFolder };
}

export interface UnitState {
  unit: string;
  pid: number;
  /** Whether it was ever started and systemd still knows how it went. */
  active: boolean;
  /** `exited`, `killed`, `dumped`, or empty. */
  how: "exited" | "killed" | "dumped" | undefined;
  status: number;
  /** `success`, `exit-code`, `signal`, `oom-kill`, ... */
  result: string;
}

/** As systemd knows them now, in the order of the names. */
export async function unitStates(manager: Manager, units: readonly string[]): Promise<UnitState[]> {
  if (units.length === 0) return [];
  const properties = "--property=Id,MainPID,ActiveState,ExecMainCode,ExecMainStatus,Result";
  const said = await callProgram("systemctl", [...manager.options, "show", properties, ...units]);
  return said
    .trim()
    .split("\n\n")
    .map((block) => {
      const values = new Map(
        block
          .split("\n")
          .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
      );
      return {
        unit: values.get("Id") ?? "",
        pid: Number(values.get("MainPID")),
        active: values.get("ActiveState") !== "inactive",
        how: codes[Number(values.get("ExecMainCode"))],
        status: Number(values.get("ExecMainStatus")),
        result: values.get("Result") ?? "",
      };
    });
}

/** CLD_EXITED, CLD_KILLED and CLD_DUMPED of waitid(2). */
const codes: Record<number, "exited" | "killed" | "dumped"> = { 1: "exited", 2: "killed", 3: "dumped" };
