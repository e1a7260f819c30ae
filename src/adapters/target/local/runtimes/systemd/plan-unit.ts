/** From a launch to what systemd is told: the command with its absolute path, the variables, the view, the user. */
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { ProgramFailure } from "../call-program.ts";
import { ownName } from "../own-name.ts";
import { homeOf } from "../process/confine.ts";
import { markerVariable } from "../process/process-identity.ts";
import { closedFolder, findProgram, isBelow } from "../process/reach.ts";
import { resolveCommand, serviceEnvironment } from "../process/service-command.ts";
import { userOf } from "../process/service-user.ts";
import { own } from "../process/start-process.ts";
import type { Launch } from "../runtime.ts";
import { writeSecretFiles } from "../secret-files.ts";
import { storageOf } from "../storage-of.ts";
import type { Manager } from "./manager.ts";
import { type Setting, unitSettings } from "./unit-settings.ts";

export interface UnitPlan {
  command: string[];
  environment: Record<string, string>;
  settings: Setting[];
  uid: number | undefined;
}

const stopSeconds = 10;

/** Makes the folders that the instance owns. Fails with one sentence where its program is not there. */
export function planUnit(manager: Manager, launch: Launch, environmentFile: string): UnitPlan {
  const home = homeOf(launch);
  mkdirSync(join(home, "tmp"), { recursive: true, mode: 0o700 });
  writeSecretFiles(launch, {});
  const given = { ...launch.environment, [markerVariable]: ownName(launch.marker) };
  const environment = serviceEnvironment(launch.directory, given, home);
  const [program, ...args] = resolveCommand(launch.command);
  const found = findProgram(program, launch.directory, environment.PATH ?? "");
  if (found === undefined)
    throw new ProgramFailure(
      `its command ${program} was not found; expected a program of the release or on PATH`,
    );
  const { directory, limits } = launch;
  const facts = { directory, environmentFile, limits, stopSeconds };
  const command = [found, ...args];
  if (!manager.isSystem) return { command, environment, settings: unitSettings(facts), uid: undefined };
  const uid = userOf(launch.marker.slice(0, launch.marker.indexOf("|")), launch.namespace);
  const secrets = writeSecretFiles(launch, uid === undefined ? { open: true } : { uid });
  const writable = uid === undefined ? [] : [home, ...storageOf(launch)];
  for (const folder of writable) own(folder, uid ?? 0);
  // A command in a shell, or a script, finds our Node on its PATH.
  const programs = [found, process.execPath].filter(isHidden).map((path) => dirname(path));
  const readOnly = [...new Set([directory, ...(secrets === undefined ? [] : [secrets]), ...programs])];
  const closed = [...new Set([...readOnly, ...writable].flatMap((path) => closedFolder(path) ?? []))];
  const system = { dynamicUser: uid === undefined, readOnly, writable, closed };
  return {
    command: [...asUser(uid), ...command],
    environment,
    settings: unitSettings({ ...facts, system }),
    uid,
  };
}

/** By a folder that others may not enter, or by the private temporary folders. */
function isHidden(path: string): boolean {
  return closedFolder(path) !== undefined || isBelow(path, "/tmp") || isBelow(path, "/var/tmp");
}

/** systemd takes only users that the host's table knows; the number of a namespace is in none. */
function asUser(uid: number | undefined): string[] {
  if (uid === undefined) return [];
  const setpriv = findProgram("setpriv", "/", process.env.PATH ?? "/usr/bin:/bin");
  if (setpriv === undefined)
    throw new ProgramFailure("setpriv (util-linux) was not found, which gives it its user");
  return [
    setpriv,
    `--reuid=${uid}`,
    `--regid=${uid}`,
    "--clear-groups",
    "--no-new-privs",
    "--inh-caps=-all",
    "--bounding-set=-all",
    "--",
  ];
}
