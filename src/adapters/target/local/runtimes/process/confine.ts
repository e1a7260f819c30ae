/**
 * How an instance is kept from others and from its own release: as a user of its namespace's, in a view of the
 * file system where the release is read-only and a closed folder (a root-only home, say) holds only what the
 * instance needs. Where that cannot be, it says what is instead, and why.
 */
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Enforcement } from "../../../../../ports/target.ts";
import type { Launch } from "../runtime.ts";
import { shownSecrets } from "../secret-files.ts";
import { storageOf } from "../storage-of.ts";
import type { HostMeans } from "./host-means.ts";
import { privateView, type View } from "./private-view.ts";
import { closedFolder, findProgram, isBelow, unreadableEntry } from "./reach.ts";
import { userOf } from "./service-user.ts";

export interface Confinement {
  /** User and group of its namespace; undefined where it runs as the supervisor's. */
  uid?: number;
  /** Folders that the user must own. */
  owned: string[];
  /** Command lines that what follows is appended to: the view first, the user last. */
  launcher: { view: string[]; user: string[] };
  user: Enforcement;
}

/** What a service keeps of root's powers where it must run as root: enough to become another user, as some do. */
const keptPowers = ["chown", "dac_override", "fowner", "kill", "setgid", "setuid", "net_bind_service"];

/** A folder of the instance's own: HOME, with TMPDIR in it. */
export function homeOf({ folder }: Launch): string {
  return join(folder, "home");
}

export function confine(launch: Launch, environment: Record<string, string>, means: HostMeans): Confinement {
  const view = viewOf(launch);
  const because = whyNotOwnUser(launch, environment, { view, means });
  const uid = because === undefined ? userOf(directoryOf(launch), launch.namespace) : undefined;
  if (uid === undefined) return asSupervisor(view, means, because ?? "this host maps no user numbers for it");
  const shown = means.views === undefined ? [] : privateView(view, means.views, true);
  return {
    uid,
    owned: view.writable,
    launcher: {
      view: shown,
      user: setpriv(`--reuid=${uid}`, `--regid=${uid}`, "--clear-groups", "--bounding-set=-all"),
    },
    user: { limit: "user", enforced: true, words: `user: ${uid}, of ${launch.namespace} alone` },
  };
}

function asSupervisor(view: View, means: HostMeans, because: string): Confinement {
  const shown =
    means.views === undefined
      ? []
      : privateView({ readOnly: view.readOnly, writable: [] }, means.views, false);
  const powers = means.isRoot ? [`--bounding-set=-all,${keptPowers.map((power) => `+${power}`)}`] : [];
  const fewer = means.hasSetpriv ? setpriv(...powers) : [];
  const words = `user: runs as ${means.userName}, because ${because}`;
  return {
    owned: [],
    launcher: { view: shown, user: fewer },
    user: { limit: "user", enforced: false, words },
  };
}

/** In words, or undefined where it can. */
function whyNotOwnUser(
  { command: [program = ""], directory }: Launch,
  environment: Record<string, string>,
  { view, means }: { view: View; means: HostMeans },
): string | undefined {
  if (!means.isRoot) return "only a supervisor that runs as root can give a service a user of its own";
  if (!means.hasSetpriv) return "setpriv (util-linux) cannot change the user here";
  const unreadable = unreadableEntry(directory);
  if (unreadable !== undefined) return `${unreadable} may not be read by another user`;
  const named = [...view.readOnly, ...view.writable];
  const found = findProgram(program, directory, environment.PATH ?? "");
  const isNamed = found !== undefined && named.some((path) => isBelow(found, path));
  const paths = found === undefined || isNamed ? named : [...named, found];
  for (const path of paths) {
    const closed = closedFolder(path);
    const isShown = path !== found && means.views !== undefined;
    if (closed !== undefined && !isShown)
      return `${path} cannot be reached by another user: ${closed} is closed to others`;
  }
  return undefined;
}

/** The release comes first. Real paths, because a link may lead from an open folder into a closed one. */
function viewOf(launch: Launch): View {
  return {
    readOnly: [launch.directory, ...shownSecrets(launch), ...nodeFolder()].map(realPath),
    writable: [homeOf(launch), ...storageOf(launch)].map(realPath),
  };
}

function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

/** Our Node, which services run on, where others cannot reach it by themselves. */
function nodeFolder(): string[] {
  return closedFolder(process.execPath) === undefined ? [] : [dirname(process.execPath)];
}

function directoryOf({ marker }: Launch): string {
  return marker.slice(0, marker.indexOf("|"));
}

function setpriv(...options: string[]): string[] {
  return ["setpriv", "--no-new-privs", "--inh-caps=-all", "--ambient-caps=-all", ...options, "--"];
}
