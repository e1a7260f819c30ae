/** What is wrong with a flow file, where, and what was probably meant. */

/** Both count from 1, as editors do. */
export interface Position {
  line: number;
  column: number;
}

export interface FlowProblem extends Position {
  file: string;
  message: string;
  /** What could stand there instead. */
  suggestion?: string;
}

export type Report = (position: Position, message: string, suggestion?: string) => void;

/** `flows/delivery.yaml:12:7 unknown event "ModuleRedy" (did you mean ModuleReady?)` */
export function describeProblem(problem: FlowProblem): string {
  const meant = problem.suggestion === undefined ? "" : ` (did you mean ${problem.suggestion}?)`;
  return `${problem.file}:${problem.line}:${problem.column} ${problem.message}${meant}`;
}

/** The candidate that a typing error of at most a third of the word's length away could have meant. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const far = distance(word.toLowerCase(), candidate.toLowerCase());
    if (far < least) {
      best = candidate;
      least = far;
    }
  }
  return best;
}

/** Levenshtein distance; words beyond 80 characters are not compared in full. */
function distance(left: string, right: string): number {
  const [a, b] = [left.slice(0, 80), right.slice(0, 80)];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
