/** Pages of docs/ as tests read them: their text, the rows of their tables and their examples. */
import { readFileSync } from "node:fs";

export function readPage(path: string): string {
  return readFileSync(new URL(`../../docs/${path}`, import.meta.url), "utf8");
}

/** Cells of every table row, heads and rulers left out. */
export function rowsOf(page: string): string[][] {
  const rows = page.split("\n").map((line) => line.trim());
  const isRuler = (line: string | undefined) => /^\|[-| ]+\|$/.test(line ?? "");
  return rows
    .filter((line, index) => line.startsWith("|") && !isRuler(line) && !isRuler(rows[index + 1]))
    .map((line) => line.slice(1, -1).split("|"))
    .map((cells) => cells.map((cell) => cell.trim()));
}

/** What stands in backticks. */
export function codeIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}

export function yamlExamples(page: string): string[] {
  return [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, example = ""]) => example);
}
