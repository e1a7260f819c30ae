/**
 * How dependencies are resolved and pruned, the same in every dialect and in the local runner. Install
 * scripts are other people's code with nobody watching, so they do not run.
 */
import type { Command } from "../../module/module-spec.ts";

const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

/**
 * With a lock file exactly what it says; without one resolved once, here. Development dependencies are left
 * out where nothing is built or tested with them.
 */
export function installCommand(locked: boolean, development: boolean): Command {
  return ["npm", locked ? "ci" : "install", development ? "--include=dev" : "--omit=dev", ...quiet];
}

/** Leaves in `node_modules` what the module needs to run. */
export const pruneCommand: Command = ["npm", "prune", "--omit=dev", ...quiet];
