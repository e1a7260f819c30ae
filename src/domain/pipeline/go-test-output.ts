/**
 * Numbers of `go test -v`: tests, fuzz tests and examples of each package. A subtest belongs to its test, as it does for
 * `go test -run`, and is not counted beside it. A package that fails without a test that failed, as it does not
 * build or ends before its tests, counts as one failure.
 */
export interface GoTestNumbers {
  total: number;
  passed: number;
  failed: number;
  skipped: number;
}

const begins = /^=== RUN\s+[^\s/]+$/;
/** A test may print before it without ending its line; what is indented is a subtest's. */
const ends = /^(?:.*\S)?--- (PASS|FAIL|SKIP): \S+ \(\d+(?:\.\d+)?s\)$/;
const packageEnds = /^(ok {2}|FAIL)\t\S+(?:\t| \[)/;
const nothingToRun = "[no tests to run]";

export function isGoLine(line: string): boolean {
  return [begins, ends, packageEnds].some((form) => form.test(line));
}

/** Undefined where Go tested nothing, or was not asked to name the tests that pass. */
export function goNumbers(lines: readonly string[]): GoTestNumbers | undefined {
  const count = { PASS: 0, FAIL: 0, SKIP: 0 };
  let named = false;
  let unnamed = false;
  let packages = 0;
  let failedBefore = 0;
  for (const line of lines) {
    named ||= begins.test(line);
    const outcome = ends.exec(line)?.[1];
    if (outcome === "PASS" || outcome === "FAIL" || outcome === "SKIP") count[outcome] += 1;
    const end = packageEnds.exec(line)?.[1];
    if (end === undefined) continue;
    packages += 1;
    if (end !== "FAIL") unnamed ||= !line.includes(nothingToRun);
    else if (count.FAIL === failedBefore) count.FAIL += 1;
    else unnamed = true;
    failedBefore = count.FAIL;
  }
  if (!named && (unnamed || packages === 0)) return undefined;
  const { PASS: passed, FAIL: failed, SKIP: skipped } = count;
  return { total: passed + failed + skipped, passed, failed, skipped };
}
