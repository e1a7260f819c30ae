/** What this host lets us do to keep services apart; looked for once, by trying it. */
import { execFile } from "node:child_process";
import { statSync } from "node:fs";
import { userInfo } from "node:os";
import { promisify } from "node:util";
import { findHierarchies, type Hierarchies } from "./control-groups.ts";

export interface HostMeans {
  isRoot: boolean;
  userName: string;
  hierarchies: Hierarchies;
  /** What makes a view of the file system; undefined where none may be made. */
  views: ViewMeans | undefined;
  /** `setpriv` is there and may give up powers; as root it may change the user, too. */
  hasSetpriv: boolean;
}

export interface ViewMeans {
  /** Command line that runs what follows it in a mount namespace where it may mount. */
  unshare: string[];
  /** An empty folder of the host over which the contents of a closed one are put together. */
  stage: string;
}

let found: Promise<HostMeans> | undefined;

export function hostMeans(): Promise<HostMeans> {
  found ??= detect();
  return found;
}

async function detect(): Promise<HostMeans> {
  const isRoot = process.getuid?.() === 0;
  const base = { isRoot, userName: userName(), hierarchies: findHierarchies() };
  if (process.platform !== "linux") return { ...base, views: undefined, hasSetpriv: false };
  const stage = ["/mnt", "/media", "/srv", "/opt"].find((path) =>
    statSync(path, { throwIfNoEntry: false })?.isDirectory(),
  );
  // Who is not root may mount in a user namespace, where the host allows one, and stays who they are.
  const unshare = ["unshare", "-m", ...(isRoot ? [] : ["-U", "--map-current-user", "--keep-caps"]), "--"];
  const user = isRoot ? ["--reuid=0", "--regid=0", "--clear-groups", "--bounding-set=-all"] : [];
  const [mayMount, hasSetpriv] = await Promise.all([
    stage !== undefined && succeeds([...unshare, "mount", "-t", "tmpfs", "connectsoft", stage]),
    succeeds(["setpriv", "--no-new-privs", "--ambient-caps=-all", ...user, "true"]),
  ]);
  const views = mayMount && stage !== undefined && hasSetpriv ? { unshare, stage } : undefined;
  return { ...base, views, hasSetpriv };
}

/** A container may run as a number that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.()}`;
  }
}

async function succeeds([program = "", ...args]: string[]): Promise<boolean> {
  return await promisify(execFile)(program, args).then(
    () => true,
    () => false,
  );
}
