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
  /** An empty folder of the host over which a view is put together, in a mount namespace; undefined where none may be made. */
  stage: string | undefined;
  /** `setpriv` is there and may change user and powers. */
  changesUser: boolean;
}

let found: Promise<HostMeans> | undefined;

export function hostMeans(): Promise<HostMeans> {
  found ??= detect();
  return found;
}

async function detect(): Promise<HostMeans> {
  const isRoot = process.platform === "linux" && process.getuid?.() === 0;
  const base = { isRoot, userName: userName(), hierarchies: findHierarchies() };
  if (!isRoot) return { ...base, stage: undefined, changesUser: false };
  const folder = ["/mnt", "/media", "/srv", "/opt"].find((path) =>
    statSync(path, { throwIfNoEntry: false })?.isDirectory(),
  );
  const [mounts, changesUser] = await Promise.all([
    folder !== undefined && succeeds("unshare", ["-m", "--", "mount", "-t", "tmpfs", "connectsoft", folder]),
    succeeds("setpriv", [
      "--reuid=0",
      "--regid=0",
      "--clear-groups",
      "--no-new-privs",
      "--bounding-set=-all",
      "true",
    ]),
  ]);
  return { ...base, stage: mounts ? folder : undefined, changesUser };
}

/** A container may run as a number that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.()}`;
  }
}

async function succeeds(program: string, args: string[]): Promise<boolean> {
  return await promisify(execFile)(program, args).then(
    () => true,
    () => false,
  );
}
