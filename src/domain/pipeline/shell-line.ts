/** A command as one POSIX shell line, for platforms that take nothing else. Every argument arrives as it was. */
import type { Command } from "../module/module-spec.ts";

export function shellLine(command: Command): string {
  return command.map(quote).join(" ");
}

/**
 * A line in which GitHub Actions and Azure Pipelines find no expression to replace before the shell sees it:
 * each opening becomes an expression that stands for itself.
 */
export function withoutExpressions(line: string): string {
  return line.replaceAll(/\$\{\{/g, (opening) => `${opening} '${opening}' }}`);
}

function quote(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
