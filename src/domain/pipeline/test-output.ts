/**
 * Numbers and failures read from what a test runner prints: node:test (spec and TAP), tape and node-tap,
 * Jest, Vitest, Mocha, pytest, unittest, Maven Surefire, `go test -v`, `dotnet test`. Where none of them is recognised there are no numbers; the exit code decides anyway.
 */
import { goNumbers, isGoLine } from "./go-test-output.ts";

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
const pytestLine =
  /^=*\s*((?:\d+ (?:passed|failed|skipped|errors?|xfailed|xpassed|deselected|warnings?|rerun)(?:, )?)+) in [\d.:]+ ?s?/;
const surefireLine = /^(?:\[\w+\] )?Tests run: (\d+), Failures: (\d+), Errors: (\d+), Skipped: (\d+)$/;
const dotnetLine = /^(?:Passed|Failed)! +- Failed: +(\d+), Passed: +(\d+), Skipped: +(\d+), Total: +\d+/;
const unittestRan = /^Ran (\d+) tests? in [\d.]+s$/;
const unittestEnd = /^(?:OK|FAILED)(?: \(([a-z ]+=\d+(?:, [a-z ]+=\d+)*)\))?$/;
const forms = [pytestLine, surefireLine, dotnetLine, unittestRan, unittestEnd];
const failureLine = /^\s*(?:✖|✕|×|not ok\b|FAIL\b|--- FAIL: |\d+\) |AssertionError|\w*Error\b.*: )/;
const took = / \(\d+(?:\.\d+)? ?m?s\)$|:$/;
const noise = /^FAIL$|^\s*(?:✖ failing tests:|not ok \d+ - .*# (?:TODO|SKIP))/;

/** Whether a line carries numbers, so that a reader of a long output can keep it. */
export function isSummaryLine(line: string): boolean {
  const plain = plainText(line);
  return (
    isGoLine(plain) || [tapLine, jestLine, vitestLine, mochaLine, ...forms].some((form) => form.test(plain))
  );
}

/** Undefined where no known runner's summary is there; several summaries are added up. */
export function parseTestOutput(output: string): TestNumbers | undefined {
  const lines = plainText(output).split(/\r?\n/);
  const unittest = unittestNumbers(lines);
  if (unittest !== undefined) return unittest;
  const go = goNumbers(lines);
  const sum = go ?? { total: 0, passed: 0, failed: 0, skipped: 0 };
  let found = go !== undefined;
  for (const line of lines) {
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
  const pytest = pytestLine.exec(line)?.[1];
  if (pytest !== undefined)
    return [...pytest.matchAll(/(\d+) (\w+)/g)].map((match) => [match[2] ?? "", Number(match[1])]);
  const surefire = surefireLine.exec(line)?.slice(1).map(Number);
  if (surefire !== undefined) {
    const [run = 0, failures = 0, errors = 0, skipped = 0] = surefire;
    const failed = failures + errors;
    return Object.entries({ passed: run - failed - skipped, failed, skipped });
  }
  const dotnet = dotnetLine.exec(line)?.slice(1).map(Number);
  if (dotnet !== undefined)
    return Object.entries({ failed: dotnet[0] ?? 0, passed: dotnet[1] ?? 0, skipped: dotnet[2] ?? 0 });
  const list = jestLine.exec(line)?.[1] ?? vitestLine.exec(line)?.[1] ?? "";
  return [...list.matchAll(/(\d+) (\w+)/g)].map((match) => [match[2] ?? "", Number(match[1])]);
}

/** Two lines belong together: how many ran, and how many of them did not pass. */
function unittestNumbers(lines: string[]): TestNumbers | undefined {
  const at = lines.findLastIndex((line) => unittestRan.test(line));
  const total = Number(unittestRan.exec(lines[at] ?? "")?.[1] ?? Number.NaN);
  const end = lines.slice(at + 1).find((line) => unittestEnd.test(line));
  if (Number.isNaN(total) || end === undefined) return undefined;
  const parts = [...end.matchAll(/([a-z ]+)=(\d+)/g)].map(
    (match) => [(match[1] ?? "").trim(), Number(match[2])] as const,
  );
  const sumOf = (words: string[]) =>
    parts.reduce((sum, [word, count]) => sum + (words.includes(word) ? count : 0), 0);
  const failed = sumOf(["failures", "errors", "unexpected successes"]);
  const skipped = sumOf(["skipped", "expected failures"]);
  return { total, passed: total - failed - skipped, failed, skipped };
}

function outcomeOf(word: string): "passed" | "failed" | "skipped" | undefined {
  if (["pass", "passed", "passing", "xpassed"].includes(word)) return "passed";
  if (["fail", "failed", "failing", "cancelled", "error", "errors"].includes(word)) return "failed";
  if (["skipped", "todo", "pending", "xfailed"].includes(word)) return "skipped";
  return undefined;
}
