/** Where a place within a text lies in the YAML file that holds the text as a scalar. */
import type { Position } from "../flow/flow-problem.ts";

/** `start`: where the scalar begins; `within`: from line 1, column 1 of its text. */
export function placeInYaml(file: string, start: Position, within: Position): Position {
  const lines = file.split("\n");
  const first = lines[start.line - 1]?.slice(start.column - 1) ?? "";
  if (/^[|>]/.test(first)) {
    const indent =
      /^ */.exec(lines.slice(start.line).find((line) => line.trim() !== "") ?? "")?.[0].length ?? 0;
    return { line: start.line + within.line, column: indent + within.column };
  }
  // In quotes, line breaks are folded: what is on a later line of the text is said to be at the beginning.
  const quote = /^["']/.test(first) ? 1 : 0;
  return within.line === 1 ? { line: start.line, column: start.column + quote + within.column - 1 } : start;
}
