/** Where a supervisor keeps what: everything below one data directory, readable by its owner only. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, realpathSync, statSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join, resolve } from "node:path";
import { refuse } from "../../../domain/refusal.ts";

/** Room that `sockaddr_un` leaves on every platform that we know (104 bytes on macOS), with some to spare. */
export const socketPathLimit = 100;

export interface Layout {
  directory: string;
  lock: string;
  socket: string;
  state: string;
  log: string;
  /** The supervisor's own code, compiled. */
  code: string;
  /** One folder a release: its log files and its environment, which holds secrets. */
  release(namespace: string, moduleId: string, releaseId: string): string;
}

export function layoutOf(directory: string): Layout {
  const root = existsSync(directory) ? realpathSync(directory) : resolve(directory);
  return {
    directory: root,
    lock: join(root, "supervisor.lock"),
    socket: socketPath(root),
    state: join(root, "state.json"),
    log: join(root, "supervisor.log"),
    code: join(root, "code"),
    release: (namespace, moduleId, releaseId) => join(root, "services", namespace, moduleId, releaseId),
  };
}

export function makeDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
}

/** A socket below the directory, or where its path would be too long in a private folder of the temporary directory. */
function socketPath(directory: string): string {
  const near = join(directory, "control.sock");
  if (Buffer.byteLength(near) <= socketPathLimit) return near;
  const name = createHash("sha256").update(directory).digest("hex").slice(0, 16);
  return join(privateTemporaryFolder(), `${name}.sock`);
}

/** Refuses with Unavailable a folder that somebody else made. */
export function privateTemporaryFolder(): string {
  const folder = join(tmpdir(), `connectsoft-${userInfo().uid}`);
  makeDirectory(folder);
  const owner = statSync(folder);
  if (owner.uid !== userInfo().uid || (owner.mode & 0o077) !== 0) {
    throw refuse(
      "Unavailable",
      `${folder} is not private to you`,
      `remove it, or use a shorter data directory`,
    );
  }
  return folder;
}
