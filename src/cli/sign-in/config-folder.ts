import { homedir } from "node:os";
import path from "node:path";

/** Of this account, for the command line. */
export function configFolder(env: NodeJS.ProcessEnv): string {
  return path.join(env.XDG_CONFIG_HOME || path.join(env.HOME || homedir(), ".config"), "connectsoft");
}
