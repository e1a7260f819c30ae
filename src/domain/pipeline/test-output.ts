/**
 * Numbers and failures read from what a test runner prints: node:test (spec and TAP), tape and node-tap,
 * Jest, Vitest, Mocha. Where none of them is recognised there are no numbers; the exit code decides anyway.
 */
export interface TestNumbers {
  total: number;
  passed: number;
  failed: number;
  skipped: number;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a colour is
const colour = /\u001b\[[0-9;]*m/g;
const tapLine = /^(?:ℹ|#) (tests|pass|fail|cancelled|skipped|todo) +(\d+)$/;
const jestLine = /^Tests:\s+(.*\d+ total)$/;
const vitestLine = /^\s*Tests\s+(.*\d.*)\((\d+)\)$/;
const mochaLine = /^\s{2,}(\d+) (passing|failing|pending)(?: \(.*\))?$/;
const failureLine = /^\s*(?:✖|✕|×|not ok\b|FAIL\b|\d+\) |AssertionError|\w*Error\b.*: )/;
const took = / \(\d+(?:\.\d+)? ?m?s\)$|:$/;
const noise = /^\s*(?:✖ failing tests:|not ok \d+ - .*# (?:TODO|SKIP))/;

/** Whether a line carries numbers, so that a reader of a long output can keep it. */
export function isSummaryLine(line: string): boolean {
  const plain = plainText(line);
  return [tapLine, jestLine, vitestLine, mochaLine].some((form) => form.test(plain));
}

/** Undefined where no known runner's summary is there; several summaries are added up. */
export function parseTestOutput(output: string): TestNumbers | undefined {
  const sum: TestNumbers = { total: 0, passed: 0, failed: 0, skipped: 0 };
  let found = false;
  for (const line of plainText(output).split(/\r?\n/)) {
    for (const [word, count] of countsOf(line)) {
      found = true;
      const outcome = outcomeOf(word);
      if (outcome !== undefined) sum[outcome] += count;
    }
  }
  if (!found) return undefined;
  sum.total = sum.passed + sum.failed + sum.skipped;
  return sum;
}

/** The lines that say what failed, each once, without indentation and times, at most `limit` of them. */
export function failingLines(output: string, limit = 5): string[] {
  const lines = plainText(output).split(/\r?\n/);
  const failures = lines.filter((line) => failureLine.test(line) && !noise.test(line));
  return [...new Set(failures.map((line) => line.trim().replace(took, "")))].slice(0, limit);
}

function plainText(text: string): string {
  return text.replaceAll(colour, "");
}

function countsOf(line: string): [word: string, count: number][] {
  const tap = tapLine.exec(line);
  if (tap !== null) return [[tap[1] ?? "", Number(tap[2])]];
  const mocha = mochaLine.exec(line);
  if (mocha !== null) return [[mocha[2] ?? "", Number(mocha[1])]];
  const list = jestLine.exec(line)?.[1] ?? vitestLine.exec(line)?.[1] ?? "";
  return [...list.matchAll(/(\d+) (\w+)/g)].map((match) => [match[2] ?? "", Number(match[1])]);
}

function outcomeOf(word: string): "passed" | "failed" | "skipped" | undefined {
  if (["pass", "passed", "passing"].includes(word)) return "passed";
  if (["fail", "failed", "failing", "cancelled"].includes(word)) return "failed";
  if (["skipped", "todo", "pending"].includes(word)) return "skipped";
  return undefined;
}
