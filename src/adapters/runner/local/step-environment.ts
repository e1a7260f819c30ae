/**
 * What a step of the module sees: nothing of ours but the PATH. No database address, no token, no home:
 * its own folders for HOME and temporary files.
 */
import { accessSync, constants } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { refuse } from "../../../domain/refusal.ts";

export function stepEnvironment(workFolder: string): Record<string, string> {
  const path = [dirname(process.execPath), process.env.PATH].filter(
    (part) => part !== undefined && part !== "",
  );
  return {
    PATH: path.join(delimiter),
    HOME: join(workFolder, "home"),
    TMPDIR: join(workFolder, "tmp"),
    LANG: "C.UTF-8",
    CI: "true",
    NO_COLOR: "1",
    npm_config_update_notifier: "false",
  };
}

const npmsOwn =
  /^(npm_config_(registry|cache|userconfig|globalconfig|cafile|strict_ssl)|(https?|no)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE)$/i;

/**
 * For the step that resolves dependencies, which runs npm and no code of the module (`--ignore-scripts`):
 * where the registry is, how to reach it, and what was downloaded before.
 */
export function installEnvironment(workFolder: string): Record<string, string> {
  const own = Object.entries(process.env).filter(
    ([name, value]) => npmsOwn.test(name) && value !== undefined,
  );
  return {
    ...stepEnvironment(workFolder),
    npm_config_userconfig: join(homedir(), ".npmrc"),
    npm_config_cache: join(homedir(), ".npm"),
    ...(Object.fromEntries(own) as Record<string, string>),
  };
}

/** Refuses where npm is needed and not there. */
export function requireNpm(environment: Record<string, string>): void {
  const folders = (environment.PATH ?? "").split(delimiter);
  if (folders.some((folder) => isExecutable(join(folder, "npm")))) return;
  throw refuse(
    "Unavailable",
    "The module has dependencies, and npm is not on the PATH of this worker.",
    "Install npm (it comes with Node.js), then retry: connectsoft doctor checks it.",
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
