/** How a service's command line and environment are made. */
import { delimiter, dirname, join } from "node:path";

/** What a service gets of the host's own environment; everything else is given to it on purpose. */
const inherited = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR"] as const;

export function minimalEnvironment(): Record<string, string> {
  const entries = inherited.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

/**
 * Programs are found in the release's own `node_modules/.bin`, beside our Node, then on the host's PATH. HOME and
 * TMPDIR are the instance's own folder, unless they were given.
 */
export function serviceEnvironment(
  directory: string,
  given: Record<string, string>,
  home?: string,
): Record<string, string> {
  const own = home === undefined ? {} : { HOME: home, TMPDIR: join(home, "tmp") };
  const base = { ...minimalEnvironment(), ...own };
  const path = [
    join(directory, "node_modules", ".bin"),
    dirname(process.execPath),
    given.PATH ?? process.env.PATH,
  ];
  return { ...base, ...given, PATH: path.filter((part) => part !== undefined).join(delimiter) };
}

/** `node` is the Node that runs us, whatever the PATH says. */
export function resolveCommand(command: readonly string[]): [string, ...string[]] {
  const [program = "", ...args] = command;
  return [program === "node" ? process.execPath : program, ...args];
}
