import { realpath, stat } from "node:fs/promises";
import path from "node:path";

/** Whether an account that owns nothing on the way can reach and read the path: a 0700 home above it cannot be passed. */
export async function isReachable(file: string): Promise<boolean> {
  const real = await realpath(file);
  const { mode } = await stat(real);
  if ((mode & 0o004) === 0) return false;
  return isTraversable(path.dirname(real));
}

/** Whether every folder from the root down to this one lets everybody pass. */
export async function isTraversable(directory: string): Promise<boolean> {
  let current = await realpath(directory);
  for (;;) {
    const { mode } = await stat(current);
    if ((mode & 0o001) === 0) return false;
    const parent = path.dirname(current);
    if (parent === current) return true;
    current = parent;
  }
}
