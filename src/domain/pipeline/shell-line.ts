/** A command as one POSIX shell line, for platforms that take nothing else. Every argument arrives as it was. */
import type { Command } from "../module/module-spec.ts";

/**
 * The platforms look for `${{ }}`, `$( )`, `$[ ]` and `$NAME` in a line before any shell sees it. Quoting a dollar sign
 * apart from what follows leaves nothing for them to find, and the shell puts the word together again.
 */
export function shellLine(command: Command): string {
  return command.map(quote).join(" ");
}

function quote(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
  const quoted = word.replaceAll("'", `'\\''`).replaceAll(/\$(?=[^$])/g, "$$''");
  return `'${quoted}'`;
}
