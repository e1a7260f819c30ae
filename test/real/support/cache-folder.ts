import { homedir } from "node:os";
import { join } from "node:path";

/** What runs keep for those after them, in the user's cache folder. */
export function cacheFolder(name: string): string {
  const given = process.env.XDG_CACHE_HOME;
  const caches = given === undefined || given === "" ? join(homedir(), ".cache") : given;
  return join(caches, "connectsoft-delivery", name);
}
