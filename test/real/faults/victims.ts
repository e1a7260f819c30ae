/** The processes of an installation that a fault may take away, found from outside. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { processesOf } from "../../e2e/support/processes.ts";

export const victims = ["server", "supervisor", "router", "database"] as const;
export type Victim = (typeof victims)[number];

const commands: Record<Exclude<Victim, "database">, RegExp> = {
  server: / serve( |$)/,
  supervisor: /supervisor\/main\.ts/,
  router: /router\/main\.ts/,
};

/** Kills every process of that kind with -9; says how many there were. */
export function kill(home: string, victim: Victim): number {
  const pids =
    victim === "database"
      ? [postmasterOf(home)]
      : processesOf(home).flatMap(({ pid, command }) => (commands[victim].test(command) ? [pid] : []));
  for (const pid of pids) process.kill(pid, "SIGKILL");
  return pids.length;
}

function postmasterOf(home: string): number {
  const [found] = processesOf(home).filter(({ command }) => /postgres.* -D /.test(command));
  if (found !== undefined) return found.pid;
  return Number(readFileSync(path.join(home, "database", "postmaster.pid"), "utf8").split("\n")[0]);
}
