/** A file that a language's own tools could not read either: where, what is wrong, and who can tell more. */
import { refuse } from "../refusal.ts";

export interface FilePlace {
  path: string;
  /** 1-based, where it is known. */
  line?: number | undefined;
}

/** A refusal with ModuleInvalid: `pyproject.toml:12: ...`. */
export function brokenFile({ path, line }: FilePlace, problem: string, next: string): Error {
  const where = line === undefined ? path : `${path}:${line}`;
  const sentence = problem.trim().replace(/\.?$/, ".");
  return refuse("ModuleInvalid", `${where}: ${sentence}`, next);
}

/** The 1-based line of an offset, for parsers that count characters. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
