/** Starts a program as an instance runs it: in its groups, its view and as its user, in a session of its own. */
import { type ChildProcess, type StdioOptions, spawn, spawnSync } from "node:child_process";
import { chownSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Enforcement } from "../../../../../ports/target.ts";
import type { Launch } from "../runtime.ts";
import { shownSecrets, writeSecretFiles } from "../secret-files.ts";
import { confine, homeOf } from "./confine.ts";
import type { HostMeans } from "./host-means.ts";
import type { Groups } from "./instance-group.ts";
import { findProgram } from "./reach.ts";
import { resolveCommand, serviceEnvironment } from "./service-command.ts";

export interface Preparation {
  uid: number | undefined;
  user: Enforcement;
  /** Undefined where its program was not found. */
  start: ((groups: Groups, stdio: StdioOptions) => ChildProcess) | undefined;
}

/**
 * Joining the groups comes after the view is made, whose commands are not the instance's to pay for. A core
 * dump would hold its secrets. Where memory is short, services end before their supervisor does.
 */
const join_ = `ulimit -c 0
{ echo 500 > /proc/self/oom_score_adj; } 2>/dev/null
cd "$1" || exit 125
shift
while [ "$1" != "" ]; do
  echo $$ > "$1/cgroup.procs" || exit 125
  shift
done
shift
exec "$@"`;

/** `beside`: an instance that runs, whose view is entered and not made again. */
export function prepare(launch: Launch, means: HostMeans, beside?: number): Preparation {
  const [program, ...args] = resolveCommand(launch.command);
  const resolved = { ...launch, command: [program, ...args] };
  const home = homeOf(launch);
  mkdirSync(join(home, "tmp"), { recursive: true, mode: 0o700 });
  // What is not there is not shown: it is made first, and given to its user once that is known.
  writeSecretFiles(launch, {});
  const environment = serviceEnvironment(launch.directory, launch.environment, home);
  const { uid, owned, launcher, user } = confine(resolved, environment, means);
  for (const folder of uid === undefined ? [] : owned) own(folder, uid ?? 0);
  for (const folder of uid === undefined ? [] : shownSecrets(launch)) own(folder, uid ?? 0);
  const found = findProgram(program, launch.directory, environment.PATH ?? "");
  const start = (groups: Groups, stdio: StdioOptions): ChildProcess => {
    const places = [...new Set(Object.values(groups))];
    const joining = ["/bin/sh", "-c", join_, "connectsoft", launch.directory, ...places, ""];
    const enter = means.isRoot && beside !== undefined && launcher.view.length > 0;
    const view = enter ? ["nsenter", "-m", "-t", String(beside), "--"] : launcher.view;
    const [first = "", ...rest] = [...view, ...joining, ...launcher.user, program, ...args];
    return spawn(first, rest, { cwd: "/", env: environment, stdio, detached: true });
  };
  return { uid, user, start: found === undefined ? undefined : start };
}

export function notFound({ command: [program] }: Launch): string {
  return `its command ${program} was not found; expected a program of the release or on PATH`;
}

/** With what an earlier release wrote there under another user. Links are not followed. */
export function own(folder: string, uid: number): void {
  if (statSync(folder).uid === uid) return;
  chownSync(folder, uid, uid);
  spawnSync("chown", ["-hR", `${uid}:${uid}`, "--", folder], { stdio: "ignore" });
}
